import type { Surroundings } from '@mnas/core/contracts'
import type { Reporter } from '@mnas/core/events'
import type { Registry } from '@mnas/core/plugins'
import type { Golden } from './golden-schema.js'

export interface GoldenRequest {
  readonly registry: Registry
  /** A bundle. */
  readonly folder: string
  /** Files and folders that were made of it, relative to the bundle: `exports/photos-224px.tflite`. */
  readonly exports: readonly string[]
  /** Name of the engine that answers with the weights. */
  readonly engine: string
  /** Of the engine; 0 = all. */
  readonly threads: number
  readonly around: Surroundings
  readonly reporter: Reporter
}

/**
 * What the weights of a bundle and its exports say of the pictures that mnas draws. An export that nothing here runs is left out, with a warning.
 * `goldenText` makes the file `goldenPath` of it.
 */
export async function goldenAnswers(request: GoldenRequest): Promise<Golden> {
  throw new Error(`not written yet: ${request.folder}`)
}
