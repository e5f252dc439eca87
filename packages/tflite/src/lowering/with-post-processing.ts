import type { PostProcessing, Tensor } from '@mnas/core/contracts'
import { contractErrors } from '@mnas/core/errors'
import { flexMap } from '../flatbuffer/flex-map.js'
import type { TfliteModel, TfliteSignatureEntry, TfliteTensor } from '../flatbuffer/model.js'

/** Custom operators that a file may end in: those of LiteRT that give what apps can read. */
export const postProcessingOperators: readonly string[] = ['TFLite_Detection_PostProcess']

/**
 * A model, in whatever precision, with a custom operator behind it. What the operator reads is no output any more; other outputs stay, behind
 * those of the operator, whose order clients go by.
 * @param model gives in float32 what the operator reads
 * @throws MNAS_EXPORT_OUTPUT
 */
export function withPostProcessing(model: TfliteModel, postProcessing: PostProcessing): TfliteModel {
  const { operator: code, reads, constants, options, outputs } = postProcessing
  const names = new Set(model.tensors.map(({ name }) => name))
  const added: TfliteTensor[] = []
  const add = (tensor: TfliteTensor): number => {
    const name = unused(names, tensor.name)
    names.add(name)
    return model.tensors.length + added.push({ ...tensor, name }) - 1
  }
  const stored = constants.map(({ name, tensor: { shape, dtype } }, position) =>
    add({ name, shape, type: dtype, buffer: model.buffers.length + position }),
  )
  const given = outputs.map(({ name, shape, dtype }) => ({ name, tensor: add({ name, shape, type: dtype, buffer: 0 }) }))
  return {
    ...model,
    tensors: [...model.tensors, ...added],
    buffers: [...model.buffers, ...constants.map(({ tensor }) => bytesOf(tensor))],
    operators: [
      ...model.operators,
      {
        op: 'CUSTOM',
        version: 1,
        inputs: [...reads.map((name) => outputNamed(model, name)), ...stored],
        outputs: given.map(({ tensor }) => tensor),
        custom: { code, options: flexMap(options) },
      },
    ],
    outputs: [...given, ...model.outputs.filter(({ name }) => !reads.includes(name))],
  }
}

function outputNamed({ outputs }: TfliteModel, name: string): TfliteSignatureEntry['tensor'] {
  const found = outputs.find((output) => output.name === name)
  if (!found) throw contractErrors.MNAS_EXPORT_OUTPUT({ name, known: outputs.map((output) => output.name) })
  return found.tensor
}

const bytesOf = ({ data }: Tensor) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

function unused(names: ReadonlySet<string>, wanted: string): string {
  let name = wanted
  for (let count = 2; names.has(name); count++) name = `${wanted}.${count}`
  return name
}
