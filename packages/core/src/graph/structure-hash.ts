import type { Exporter, Hash, JsonObject, Precision } from '../contracts/index.js'
import { hashJson } from '../files/index.js'

/** What decides how quickly a file runs. */
export interface Structure {
  readonly graphHash: Hash
  readonly exporter: Pick<Exporter, 'format' | 'version'>
  readonly precision: Precision
  /** Those of the exporter's options that change what is computed, by name: no labels, no text about the model. */
  readonly options: JsonObject
}

/** `ModelFile.structure`: two files with the same one take the same time on a device, whatever their weights are. */
export function structureHash({ graphHash, exporter: { format, version }, precision, options }: Structure): Hash {
  return hashJson({ graphHash, format, precision, exporter: { name: format, version }, options })
}
