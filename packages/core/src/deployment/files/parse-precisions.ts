import type { Precision } from '../../contracts/index.js'
import { deploymentErrors } from '../errors.js'

/** What `--quantize` calls them. */
const words = {
  none: 'float32',
  float16: 'float16',
  weights: 'weights',
  dynamic: 'dynamic',
  int8: 'int8',
} as const satisfies Readonly<Record<string, Precision>>

/** `none,int8` → precisions in that order. @param text undefined: float32 @throws MNAS_DEPLOY_PRECISION */
export function parsePrecisions(text: string | undefined): readonly [Precision, ...Precision[]] {
  if (text === undefined) return ['float32']
  const known = Object.keys(words)
  const names = text.split(',').map((name) => name.trim())
  const [first, ...others] = names.flatMap((name) => (Object.hasOwn(words, name) ? words[name as keyof typeof words] : []))
  const wrong = others.length + 1 < names.length || new Set(names).size < names.length
  if (first === undefined || wrong) throw deploymentErrors.MNAS_DEPLOY_PRECISION({ received: text, known })
  return [first, ...others]
}
