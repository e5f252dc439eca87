import { Builder, type Offset } from 'flatbuffers'
import type { Quantization, TfliteModel, TfliteOperator, TfliteSignatureEntry, TfliteTensor } from './model.js'
import type { Field, OperatorOptions } from './options.js'
import { bufferAlignment, builtin, fileIdentifier, largestDeprecatedCode, schemaVersion, slots, tensorType } from './schema.js'
import { writeBytes, writeFloats, writeInts, writeLongs, writeOffsets, writeTable } from './tables.js'

/** Room for everything but the weights, so that the builder need not grow (and copy) its buffer. */
const roomForTables = 64 * 1024

/** A .tflite file. FlatBuffers are written back to front: children before the tables that refer to them. */
export function writeModel(model: TfliteModel): Uint8Array {
  const buffers = [...model.buffers, ...model.metadata.map(({ data }) => data)]
  const builder = new Builder(buffers.reduce((sum, { length }) => sum + length, roomForTables))
  const bufferVector = writeOffsets(
    builder,
    buffers.map((data) => writeBuffer(builder, data)),
  )
  const metadata = writeMetadata(builder, model)
  const signatures = writeOffsets(builder, [writeSignature(builder, model)])
  const description = builder.createString(model.description)
  const codes = operatorCodes(model.operators)
  const subgraphs = writeOffsets(builder, [writeSubgraph(builder, model, codes)])
  const operatorCodeVector = writeOffsets(
    builder,
    codes.map((code) => writeOperatorCode(builder, code)),
  )
  const root = writeTable(builder, [
    int32(slots.model.version, schemaVersion),
    { slot: slots.model.operatorCodes, offset: operatorCodeVector },
    { slot: slots.model.subgraphs, offset: subgraphs },
    { slot: slots.model.description, offset: description },
    { slot: slots.model.buffers, offset: bufferVector },
    { slot: slots.model.metadata, offset: metadata },
    { slot: slots.model.signatures, offset: signatures },
  ])
  builder.finish(root, fileIdentifier)
  return builder.asUint8Array().slice()
}

const int32 = (slot: number, value: number, standard = 0): Field => ({ slot, type: 'int32', value, default: standard })
const int8 = (slot: number, value: number): Field => ({ slot, type: 'int8', value, default: 0 })

function writeBuffer(builder: Builder, data: Uint8Array): Offset {
  const vector = data.length > 0 ? writeBytes(builder, data, bufferAlignment) : 0
  return writeTable(builder, [{ slot: slots.buffer.data, offset: vector }])
}

/** Metadata lies in the buffers behind those of the tensors. */
function writeMetadata(builder: Builder, { buffers, metadata }: TfliteModel): Offset {
  const entries = metadata.map(({ name }, position) => {
    const offset = builder.createString(name)
    return writeTable(builder, [{ slot: slots.metadata.name, offset }, int32(slots.metadata.buffer, buffers.length + position)])
  })
  return writeOffsets(builder, entries)
}

function writeSignature(builder: Builder, model: TfliteModel): Offset {
  const writeEntry = ({ name, tensor }: TfliteSignatureEntry) => {
    const offset = builder.createString(name)
    return writeTable(builder, [{ slot: slots.tensorMap.name, offset }, int32(slots.tensorMap.tensor, tensor)])
  }
  const inputs = writeOffsets(builder, model.inputs.map(writeEntry))
  const outputs = writeOffsets(builder, model.outputs.map(writeEntry))
  const key = builder.createString(model.signature)
  return writeTable(builder, [
    { slot: slots.signature.inputs, offset: inputs },
    { slot: slots.signature.outputs, offset: outputs },
    { slot: slots.signature.key, offset: key },
  ])
}

interface OperatorCode extends Pick<TfliteOperator, 'op' | 'version' | 'custom'> {}

const sameCode = (a: OperatorCode, b: OperatorCode) =>
  a.op === b.op && a.version === b.version && a.custom?.code === b.custom?.code

/** Each op, version and name of a custom one once, in the order of first use. */
function operatorCodes(operators: readonly TfliteOperator[]): readonly OperatorCode[] {
  return operators.filter((operator, position) => operators.findIndex((other) => sameCode(operator, other)) === position)
}

function writeOperatorCode(builder: Builder, { op, version, custom }: OperatorCode): Offset {
  const code = builtin[op]
  const name = custom ? builder.createString(custom.code) : 0
  return writeTable(builder, [
    int8(slots.operatorCode.deprecatedCode, Math.min(code, largestDeprecatedCode)),
    { slot: slots.operatorCode.customCode, offset: name },
    int32(slots.operatorCode.version, version, 1),
    int32(slots.operatorCode.code, code),
  ])
}

function writeSubgraph(builder: Builder, model: TfliteModel, codes: readonly OperatorCode[]): Offset {
  const zeroPoints = sharedZeroPoints(builder)
  const tensors = writeOffsets(
    builder,
    model.tensors.map((tensor) => writeTensor(builder, tensor, zeroPoints)),
  )
  const operators = writeOffsets(
    builder,
    model.operators.map((operator) => writeOperator(builder, operator, codes)),
  )
  const inputs = writeInts(
    builder,
    model.inputs.map(({ tensor }) => tensor),
  )
  const outputs = writeInts(
    builder,
    model.outputs.map(({ tensor }) => tensor),
  )
  const name = builder.createString('main')
  return writeTable(builder, [
    { slot: slots.subgraph.tensors, offset: tensors },
    { slot: slots.subgraph.inputs, offset: inputs },
    { slot: slots.subgraph.outputs, offset: outputs },
    { slot: slots.subgraph.operators, offset: operators },
    { slot: slots.subgraph.name, offset: name },
  ])
}

type WriteZeroPoints = (zeroPoints: readonly number[]) => Offset

/**
 * Equal vectors of zero points once: those of per-channel weights are all 0, and with 8 bytes a channel they would take more room than
 * many a layer's weights.
 */
function sharedZeroPoints(builder: Builder): WriteZeroPoints {
  const written = new Map<string, Offset>()
  return (zeroPoints) => {
    const key = zeroPoints.join()
    const offset = written.get(key) ?? writeLongs(builder, zeroPoints)
    written.set(key, offset)
    return offset
  }
}

function writeQuantization(builder: Builder, { scale, zeroPoint, axis }: Quantization, zeroPoints: WriteZeroPoints): Offset {
  const zeroPointVector = zeroPoints(zeroPoint)
  const scales = writeFloats(builder, scale)
  return writeTable(builder, [
    { slot: slots.quantization.scale, offset: scales },
    { slot: slots.quantization.zeroPoint, offset: zeroPointVector },
    int32(slots.quantization.axis, axis),
  ])
}

function writeTensor(builder: Builder, tensor: TfliteTensor, zeroPoints: WriteZeroPoints): Offset {
  const quantization = tensor.quantization ? writeQuantization(builder, tensor.quantization, zeroPoints) : 0
  const name = builder.createString(tensor.name)
  const shape = writeInts(builder, tensor.shape)
  return writeTable(builder, [
    { slot: slots.tensor.shape, offset: shape },
    int8(slots.tensor.type, tensorType[tensor.type]),
    int32(slots.tensor.buffer, tensor.buffer),
    { slot: slots.tensor.name, offset: name },
    { slot: slots.tensor.quantization, offset: quantization },
    int8(slots.tensor.hasRank, 1),
  ])
}

function writeOperator(builder: Builder, operator: TfliteOperator, codes: readonly OperatorCode[]): Offset {
  const inputs = writeInts(builder, operator.inputs)
  const outputs = writeInts(builder, operator.outputs)
  const options = operator.options ? writeOptions(builder, operator.options) : 0
  const customOptions = operator.custom ? writeBytes(builder, operator.custom.options, 1) : 0
  return writeTable(builder, [
    int32(
      slots.operator.code,
      codes.findIndex((code) => sameCode(code, operator)),
    ),
    { slot: slots.operator.inputs, offset: inputs },
    { slot: slots.operator.outputs, offset: outputs },
    int8(slots.operator.optionsType, operator.options?.tag ?? 0),
    { slot: slots.operator.options, offset: options },
    { slot: slots.operator.customOptions, offset: customOptions },
  ])
}

function writeOptions(builder: Builder, options: OperatorOptions): Offset {
  const newShape = options.newShape ? [{ slot: 0, offset: writeInts(builder, options.newShape) }] : []
  return writeTable(builder, [...newShape, ...options.fields])
}
