import type { JsonObject, Metrics, Task } from '@mnas/core/contracts'
import type { AccuracyClaim } from '../../entry/claims.js'
import type { BundleContents } from '../contents/read-contents.js'
import type { DraftExport } from '../contents/read-exports.js'
import { publishErrors } from '../errors.js'
import { commandLine, sizeWords } from './command-line.js'
import { wilsonInterval } from './wilson-interval.js'

/** What a bundle's claims have in common. */
export interface ClaimContext {
  readonly task: Pick<Task, 'headlines' | 'rightAnswers'>
  /** Of the images, for people. */
  readonly dataName: string
  /** When the weights were judged, YYYY-MM-DD. */
  readonly date: string
  /** Version of mnas. */
  readonly mnas: string
}

const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)

/** Of single classes, by dotted name: a thousand of them are no claim, and the task's metrics tell of them all. */
const isOfAll = (name: string) => !name.includes('.') && name.length <= 60

/**
 * How good the weights of a bundle are, and each of its exports, on its validation images. An export's claim needs a check of
 * all of them
 * (`mnas deploy --images`): of a part nobody could say of which.
 * @throws MNAS_ZOO_FINGERPRINT
 */
export function accuracyClaims(contents: BundleContents, context: ClaimContext): readonly AccuracyClaim[] {
  return [...weightsClaim(contents, context), ...contents.exports.flatMap((file) => exportClaim(contents, file, context))]
}

function weightsClaim({ bundle, weights }: BundleContents, context: ClaimContext): readonly AccuracyClaim[] {
  if (Object.keys(bundle.metrics).length === 0) return []
  const { data, plan, seed } = bundle.provenance
  const { fingerprint, validation, heldOut } = (data ?? {}) as JsonObject
  if (!isHash(fingerprint)) {
    const received = fingerprint === undefined ? 'none' : JSON.stringify(fingerprint).slice(0, 40)
    throw publishErrors.MNAS_ZOO_FINGERPRINT({ model: bundle.name, received })
  }
  const judgedOn =
    Number(validation) > 0
      ? ({ split: 'validation', images: validation } as const)
      : ({ split: 'heldOut', images: heldOut } as const)
  const metrics = Object.fromEntries(Object.entries(bundle.metrics).filter(([name]) => isOfAll(name)))
  const { engine, accelerator } = (plan ?? {}) as JsonObject
  return [
    {
      ...common(context, context.date, commandLine('evaluate', bundle.name, '--data', context.dataName)),
      file: weights.sha256,
      dataset: { name: context.dataName, split: judgedOn.split, fingerprint, images: imagesOf(metrics, judgedOn.images) },
      ...numbersOf(metrics, context),
      seeds: typeof seed === 'number' ? [{ seed, metrics }] : [],
      engine: [engine, accelerator].filter((word) => typeof word === 'string').join(' ') || 'unknown',
    },
  ]
}

function exportClaim(
  { bundle }: BundleContents,
  { facts, sha256 }: DraftExport,
  context: ClaimContext,
): readonly AccuracyClaim[] {
  const { agreement, precision } = facts
  const judged = agreement?.judged
  if (!judged?.whole || !isHash(judged.data)) return []
  const { images } = agreement!
  const metrics = { [judged.metric]: judged.file, count: images }
  const size = sizeWords(facts.model.inputSize, bundle.architecture.input.size)
  const quantize = precision && precision !== 'float32' ? ['--quantize', precision] : []
  return [
    {
      ...common(
        context,
        judged.at.slice(0, 10),
        commandLine('deploy', bundle.name, '--data', context.dataName, ...size, ...quantize, '--images', String(images)),
      ),
      file: sha256,
      dataset: { name: context.dataName, split: judged.split, fingerprint: judged.data, images },
      ...numbersOf(metrics, context),
      seeds: [],
      engine: `${judged.runtime.name} ${judged.runtime.version}`,
    },
  ]
}

/** Evaluations read pixels exactly, the same on every machine. */
const common = ({ mnas }: ClaimContext, date: string, command: string) =>
  ({ basis: 'measured', command, mnas, date, decoder: 'exact' }) as const

function numbersOf(metrics: Metrics, { task }: ClaimContext) {
  const right = task.rightAnswers?.(metrics) ?? null
  const interval95 = right === null ? null : wilsonInterval(right, metrics['count']!)
  return { metrics, right, interval95 }
}

const imagesOf = ({ count }: Metrics, images: unknown) => Math.max(1, Math.round(count ?? (Number(images) || 1)))
