import type { Exporter, Hash, JsonObject, PostProcessing, Precision } from '../contracts/index.js'
import { hashBytes, hashJson } from '../files/index.js'

/** What decides how quickly a file runs. */
export interface Structure {
  readonly graphHash: Hash
  readonly exporter: Pick<Exporter, 'format' | 'version'>
  readonly precision: Precision
  /** Those of the exporter's options that change what is computed, by name: no labels, no text about the model. */
  readonly options: JsonObject
  /** Absent: the file ends with the graph. */
  readonly postProcessing?: PostProcessing | undefined
}

/** `ModelFile.structure`: two files with the same one take the same time on a device, whatever their weights are. */
export function structureHash({ graphHash, exporter, precision, options, postProcessing }: Structure): Hash {
  const { format, version } = exporter
  const behind = postProcessing && { postProcessing: postProcessed(postProcessing) }
  return hashJson({ graphHash, format, precision, exporter: { name: format, version }, options, ...behind })
}

/** What an operator computes, without the names and meanings of its outputs. */
function postProcessed({ operator, reads, constants, options, outputs }: PostProcessing): JsonObject {
  return {
    ...{ operator, reads, options },
    constants: constants.map(({ tensor: { dtype, shape, data } }) => ({
      ...{ dtype, shape },
      bytes: hashBytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
    })),
    outputs: outputs.map(({ dtype, shape }) => ({ dtype, shape })),
  }
}
