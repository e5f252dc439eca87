import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { DeepReadonly } from '../contracts/index.js'
import { coreErrors } from '../errors/index.js'
import { parseJson, reasonOf } from '../files/index.js'
import { bundleErrors } from './errors.js'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().min(0)
const milliseconds = z.number().positive()

/** `front.json` of a run, and of a bundle that was trained of it: which search it was, and the networks that it found best. */
export const runFrontSchema = z.strictObject({
  version: z.literal(1),
  run: hash.describe('identity of the run'),
  space: z.string().describe('its name'),
  strategy: z.string().describe('its name'),
  objective: z.string().describe('its name'),
  targetMs: milliseconds.nullable().describe('the latency that was wanted; `null`: none was stated'),
  trials: count.describe('networks that were looked at'),
  trained: count.describe('of these, those that were trained to the end'),
  seed: z.int().describe('of the strategy'),
  device: z.string().describe('where the networks were timed'),
  metric: z.string().describe('what was learned of them, as metrics call it'),
  candidates: z
    .array(
      z.strictObject({
        id: z
          .string()
          .regex(/^[0-9a-f]{12}$/)
          .describe('the first 12 digits of the hash of its architecture'),
        accuracy: z.number().describe('in `metric`, after the proxy training'),
        latencyMs: milliseconds.describe('with what runs behind the network, where that was timed'),
        parameters: count.describe('numbers that training learns'),
        macs: count.describe('multiply-adds of one image'),
        sizeBytes: count.nullable().describe('of the file; `null`: it is not known'),
      }),
    )
    .min(1)
    .describe('from fast to accurate; the network that the run hands over is among them'),
})
export type RunFront = DeepReadonly<z.infer<typeof runFrontSchema>>

/** The same name in the folder of a run and of a bundle. */
export const runFrontPath = (folder: string): string => join(folder, 'front.json')

/** What stands there, word for word and understood; null: nothing. @throws MNAS_BUNDLE_CORRUPT, MNAS_FILE_MISSING */
export async function readRunFront(folder: string): Promise<{ readonly front: RunFront; readonly text: string } | null> {
  const path = runFrontPath(folder)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw coreErrors.MNAS_FILE_MISSING({ path, what: `The front of a search (${reasonOf(error)})` }, error)
  })
  return text === null ? null : { front: parseRunFront(text, path), text }
}

/** @param path for errors. @throws MNAS_BUNDLE_CORRUPT */
export function parseRunFront(text: string, path: string): RunFront {
  const corrupt = (field: string, received: unknown) =>
    bundleErrors.MNAS_BUNDLE_CORRUPT({ path, field, expected: 'the front of a search', received })
  let json: unknown
  try {
    json = parseJson(text)
  } catch (error) {
    throw corrupt('the whole file', (error as Error).message)
  }
  const { data, error } = runFrontSchema.safeParse(json)
  if (data) return data
  throw corrupt(error.issues[0]!.path.join('.') || 'the whole file', error.issues[0]!.message)
}
