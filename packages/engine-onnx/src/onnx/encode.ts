import { BinaryWriter } from '@bufbuild/protobuf/wire'
import { type AttributeValue, elementTypes, type OnnxConstant, type OnnxModel, type OnnxNode, type OnnxTensor } from './tensor.js'

/** Opset 21 with IR version 10: what onnxruntime 1.20 and later read. */
const opset = 21
const irVersion = 10
/** Version of onnxruntime's own operator sets. */
const contributedOpset = 1

/** Message fields of onnx.proto, by their numbers there. */
const Field = {
  modelIrVersion: 1,
  modelProducer: 2,
  modelGraph: 7,
  modelOpset: 8,
  opsetDomain: 1,
  opsetVersion: 2,
  graphNode: 1,
  graphName: 2,
  graphInitializer: 5,
  graphInput: 11,
  graphOutput: 12,
  nodeInput: 1,
  nodeOutput: 2,
  nodeName: 3,
  nodeOperator: 4,
  nodeAttribute: 5,
  nodeDomain: 7,
  attributeName: 1,
  attributeFloat: 2,
  attributeInt: 3,
  attributeString: 4,
  attributeFloats: 7,
  attributeInts: 8,
  attributeType: 20,
  tensorDims: 1,
  tensorType: 2,
  tensorName: 8,
  tensorRaw: 9,
  valueName: 1,
  valueType: 2,
  typeTensor: 1,
  typeElement: 1,
  typeShape: 2,
  shapeDim: 1,
  dimValue: 1,
} as const
const attributeTypes = { float: 1, int: 2, string: 3, floats: 6, ints: 7 } as const
const wireVarint = 0
const wireFixed32 = 5
const wireBytes = 2

/** A model as the bytes of an ONNX file. */
export function encodeModel(model: OnnxModel): Uint8Array {
  const writer = new BinaryWriter()
  integer(writer, Field.modelIrVersion, irVersion)
  text(writer, Field.modelProducer, 'mnas')
  message(writer, Field.modelGraph, () => graph(writer, model))
  message(writer, Field.modelOpset, () => integer(writer, Field.opsetVersion, opset))
  for (const domain of new Set(model.nodes.map((node) => node.domain))) {
    if (domain === '') continue
    message(writer, Field.modelOpset, () => {
      text(writer, Field.opsetDomain, domain)
      integer(writer, Field.opsetVersion, contributedOpset)
    })
  }
  return writer.finish()
}

function graph(writer: BinaryWriter, model: OnnxModel): void {
  for (const node of model.nodes) message(writer, Field.graphNode, () => nodeProto(writer, node))
  text(writer, Field.graphName, 'mnas')
  for (const constant of model.constants) message(writer, Field.graphInitializer, () => tensorProto(writer, constant))
  for (const tensor of model.inputs) message(writer, Field.graphInput, () => valueInfo(writer, tensor))
  for (const tensor of model.outputs) message(writer, Field.graphOutput, () => valueInfo(writer, tensor))
}

function nodeProto(writer: BinaryWriter, node: OnnxNode): void {
  for (const input of node.inputs) text(writer, Field.nodeInput, input)
  for (const output of node.outputs) text(writer, Field.nodeOutput, output)
  text(writer, Field.nodeName, node.outputs[0]!)
  text(writer, Field.nodeOperator, node.operator)
  for (const [name, value] of Object.entries(node.attributes)) {
    message(writer, Field.nodeAttribute, () => attribute(writer, name, value))
  }
  if (node.domain !== '') text(writer, Field.nodeDomain, node.domain)
}

function attribute(writer: BinaryWriter, name: string, value: AttributeValue): void {
  text(writer, Field.attributeName, name)
  switch (value.kind) {
    case 'int':
      integer(writer, Field.attributeInt, value.value)
      break
    case 'ints':
      for (const entry of value.value) integer(writer, Field.attributeInts, entry)
      break
    case 'float':
      writer.tag(Field.attributeFloat, wireFixed32).float(value.value)
      break
    case 'floats':
      for (const entry of value.value) writer.tag(Field.attributeFloats, wireFixed32).float(entry)
      break
    case 'string':
      text(writer, Field.attributeString, value.value)
      break
    default:
      value satisfies never
  }
  integer(writer, Field.attributeType, attributeTypes[value.kind])
}

function tensorProto(writer: BinaryWriter, { tensor, values }: OnnxConstant): void {
  for (const side of tensor.shape) integer(writer, Field.tensorDims, side)
  integer(writer, Field.tensorType, elementTypes[tensor.type])
  text(writer, Field.tensorName, tensor.name)
  // raw_data is little-endian, as typed arrays are on every platform that onnxruntime-node ships for.
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  writer.tag(Field.tensorRaw, wireBytes).bytes(raw)
}

function valueInfo(writer: BinaryWriter, tensor: OnnxTensor): void {
  text(writer, Field.valueName, tensor.name)
  message(writer, Field.valueType, () =>
    message(writer, Field.typeTensor, () => {
      integer(writer, Field.typeElement, elementTypes[tensor.type])
      message(writer, Field.typeShape, () => {
        for (const side of tensor.shape) message(writer, Field.shapeDim, () => integer(writer, Field.dimValue, side))
      })
    }),
  )
}

function message(writer: BinaryWriter, field: number, body: () => void): void {
  writer.tag(field, wireBytes).fork()
  body()
  writer.join()
}

function integer(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, wireVarint).int64(value)
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, wireBytes).string(value)
}
