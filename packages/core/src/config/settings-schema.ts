import { availableParallelism } from 'node:os'
import { z } from 'zod'
import { defaultCacheFolder } from './default-cache-folder.js'
import { parseSize, sizeExpected } from './units.js'

/** Environment variables and flags are text: digits are numbers there. */
const count = (largest: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : value),
    z
      .int(`a whole number from 0 to ${largest}`)
      .min(0, `a whole number from 0 to ${largest}`)
      .max(largest, `a whole number from 0 to ${largest}`),
  )
const name = (what: string) => z.string(what).regex(/^[a-z0-9][a-z0-9-]*$/, what)

const size = z.union([z.string(), z.number()], sizeExpected).transform((value, context) => {
  try {
    return parseSize(String(value))
  } catch {
    context.addIssue(sizeExpected)
    return z.NEVER
  }
})

const zoosExpected = 'zoos by name, e.g. {"team": "https://example.org/zoo"} or team=https://example.org/zoo,mine=./zoo'

/** Several with commas between, as text. */
const zoos = z.preprocess(
  (value) => (typeof value === 'string' ? Object.fromEntries(value.split(',').map((pair) => splitOnce(pair.trim()))) : value),
  z.record(z.string().regex(/^[a-z0-9][a-z0-9-]*$/, zoosExpected), z.string(zoosExpected).min(1, zoosExpected), zoosExpected),
)

function splitOnce(pair: string): readonly [string, string] {
  const at = pair.indexOf('=')
  return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
}

/** Every setting with its default; the issue text of each field is what was expected. */
export const settingsSchema = z.strictObject({
  cacheFolder: z
    .string('the path of a folder')
    .min(1, 'the path of a folder')
    .default(() => defaultCacheFolder()),
  /** Bytes. */
  cacheLimit: size.default(4 * 2 ** 30),
  engine: name('the name of an engine, e.g. "onnx"').default('onnx'),
  /** Which there are is the engine's business: planTraining asks it. */
  accelerator: name('the name of an accelerator, e.g. "auto" or "cuda"').default('auto'),
  device: z
    .string('a device, e.g. "host" or "android:SERIAL"')
    .regex(/^[a-z0-9][a-z0-9-]*(:.+)?$/, 'a device, e.g. "host" or "android:SERIAL"')
    .default('host'),
  /** 0 = as many as the processor has. */
  threads: count(1024).default(0),
  /** One core stays for the training step. */
  workers: count(256).default(() => Math.max(1, availableParallelism() - 1)),
  progress: z.enum(['auto', 'tty', 'plain', 'jsonl', 'none'], 'auto, tty, plain, jsonl or none').default('auto'),
  /** Locations by name; in this order they are asked. */
  zoos: zoos.default({}),
})
