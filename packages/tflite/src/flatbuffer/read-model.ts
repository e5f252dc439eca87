import type { FileDType, FileOperator, FileTensor } from '@mnas/core/contracts'
import { quotedName } from './quoted-name.js'
import { Table } from './read-table.js'
import { builtin, slots } from './schema.js'

/** What a file says of itself, as far as running it goes. */
export interface ReadModel {
  /**
   * By the names of the first signature, in the order of its subgraph; without one, of the first subgraph, by the names of its tensors. An open batch
   * counts as 1.
   */
  readonly inputs: readonly FileTensor[]
  readonly outputs: readonly FileTensor[]
  /** Names of its custom ops. */
  readonly customOps: readonly string[]
  /** Of all its graphs. */
  readonly operators: readonly FileOperator[]
}

/** TensorType of the schema, by number. */
const typeNames = [
  ...['float32', 'float16', 'int32', 'uint8', 'int64', 'string', 'bool', 'int16', 'complex64', 'int8', 'float64'],
  ...['complex128', 'uint64', 'resource', 'variant', 'uint32', 'uint16', 'int4', 'bfloat16'],
] as const
const fileDTypes: readonly FileDType[] = ['float32', 'float16', 'float64', 'int8', 'uint8', 'int16', 'int32', 'int64', 'bool']

/**
 * Reads what the bytes of a .tflite file say, and closes its open batch in place: a size that the file leaves to whoever runs it (−1 in front,
 * as the official converter writes it) becomes 1 in every tensor, so that every runtime takes the file as one of fixed sizes.
 * @throws RangeError for tables that lead out of the file, Error in words for a file that cannot be run here
 */
export function readModel(file: Uint8Array): ReadModel {
  const root = Table.root(file)
  const subgraphs = root.tables(slots.model.subgraphs)
  const [signature] = root.tables(slots.model.signatures)
  const subgraph = subgraphs[signature?.int32(slots.signature.subgraph) ?? 0]
  if (!subgraph) throw new Error('it holds no graph')
  for (const { tensors } of subgraphs.map(partsOf)) for (const tensor of tensors) closeBatch(tensor)
  const { tensors, inputs, outputs } = partsOf(subgraph)
  for (const output of outputs) requireKnownShape(root, subgraph, output)
  const ports = (named: readonly Table[] | undefined, positions: readonly number[]) =>
    named && named.length > 0
      ? inOrder(named, positions).map((entry) => describe(tensors[tensorOf(entry)], entry.text(slots.tensorMap.name)))
      : positions.map((position) => describe(tensors[position], null))
  return {
    inputs: ports(signature?.tables(slots.signature.inputs), inputs),
    outputs: ports(signature?.tables(slots.signature.outputs), outputs),
    customOps: customOps(root),
    operators: operatorsOf(root),
  }
}

const tensorOf = (entry: Table): number => entry.int32(slots.tensorMap.tensor)

/** A signature may list its tensors in any order; tools that know no signatures take and give them in the subgraph's. */
function inOrder(named: readonly Table[], positions: readonly number[]): readonly Table[] {
  const places = new Map(positions.map((tensor, place) => [tensor, place] as const))
  const placeOf = (entry: Table) => places.get(tensorOf(entry)) ?? positions.length
  return named.toSorted((a, b) => placeOf(a) - placeOf(b))
}

function partsOf(subgraph: Table) {
  return {
    tensors: subgraph.tables(slots.subgraph.tensors),
    inputs: subgraph.ints(slots.subgraph.inputs),
    outputs: subgraph.ints(slots.subgraph.outputs),
  }
}

function customOps(root: Table): readonly string[] {
  const codes = root.tables(slots.model.operatorCodes)
  const custom = codes.filter((code) => {
    return builtinOf(code) === builtin.CUSTOM
  })
  return [...new Set(custom.map((code) => code.text(slots.operatorCode.customCode) ?? 'without a name'))]
}

/** Builtin ones that are not known here by their number. */
function operatorsOf(root: Table): readonly FileOperator[] {
  const codes = root.tables(slots.model.operatorCodes).map((code) => {
    const custom = builtinOf(code) === builtin.CUSTOM
    return { name: custom ? (code.text(slots.operatorCode.customCode) ?? 'without a name') : nameOf(builtinOf(code)), custom }
  })
  const counts = new Map<string, FileOperator>()
  const operators = root.tables(slots.model.subgraphs).flatMap((subgraph) => subgraph.tables(slots.subgraph.operators))
  for (const operator of operators) {
    const code = codes[operator.int32(slots.operator.code)]
    if (!code) throw new RangeError('an operator is none of the file')
    const key = `${code.custom} ${code.name}`
    counts.set(key, { ...code, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  return [...counts.values()]
}

const nameOf = (code: number) => Object.entries(builtin).find(([, known]) => known === code)?.[0] ?? `${code}`

const builtinOf = (code: Table | undefined) =>
  code ? Math.max(code.int8(slots.operatorCode.deprecatedCode), code.int32(slots.operatorCode.code)) : -1

/**
 * An output that takes its shape from another value, as Keras writes a last Reshape for an open batch. LiteRT makes room for outputs before it
 * runs: it refuses to run such a file, or (LiteRT.js always) leaves in the output what was there before.
 */
function requireKnownShape(root: Table, subgraph: Table, output: number): void {
  const codes = root.tables(slots.model.operatorCodes)
  const operators = subgraph.tables(slots.subgraph.operators)
  const producer = operators.find((operator) => operator.ints(slots.operator.outputs).includes(output))
  if (!producer || builtinOf(codes[producer.int32(slots.operator.code)]) !== builtin.RESHAPE) return
  const tensors = subgraph.tables(slots.subgraph.tensors)
  const shape = tensors[producer.ints(slots.operator.inputs)[1] ?? -1]
  const content = shape && root.tables(slots.model.buffers)[shape.int32(slots.tensor.buffer)]
  if (!content || content.bytes(slots.buffer.data) > 0) return
  const name = quotedName(tensors[output]?.text(slots.tensor.name) ?? '')
  throw new Error(`the shape of its output ${name} is computed while it runs: convert it with a fixed batch`)
}

/** `shape` has 1 for a size that `shape_signature` leaves open; only some writers put the −1 there too. */
function closeBatch(tensor: Table): void {
  for (const slot of [slots.tensor.shape, slots.tensor.shapeSignature]) {
    const [batch] = tensor.ints(slot)
    if (batch !== undefined && batch < 0) tensor.setInt(slot, 0, 1)
  }
}

/** @param name in the signature; null: the tensor's own */
function describe(tensor: Table | undefined, name: string | null): FileTensor {
  if (!tensor) throw new RangeError('an input or output is no tensor of the file')
  const known = name ?? tensor.text(slots.tensor.name) ?? ''
  const signature = tensor.ints(slots.tensor.shapeSignature)
  const open = signature.findIndex((size) => size < 0)
  if (open >= 0)
    throw new Error(
      `the shape [${signature.join(', ')}] of its tensor ${quotedName(known)} is open in axis ${open}, not only in its batch`,
    )
  const type = typeNames[tensor.int8(slots.tensor.type)] ?? 'of no known type'
  const dtype = fileDTypes.find((candidate) => candidate === type)
  if (!dtype) throw new Error(`its tensor ${quotedName(known)} is ${type}, none of ${fileDTypes.join(', ')}`)
  return { name: known, shape: tensor.ints(slots.tensor.shape), dtype, affine: affineOf(tensor) }
}

function affineOf(tensor: Table): FileTensor['affine'] {
  const quantization = tensor.table(slots.tensor.quantization)
  const scale = quantization?.floats(slots.quantization.scale) ?? []
  if (!quantization || scale.length === 0) return null
  const zeroPoint = quantization.longs(slots.quantization.zeroPoint)
  const axis = scale.length > 1 ? quantization.int32(slots.quantization.axis) : null
  return { scale, zeroPoint: scale.map((_, i) => zeroPoint[i] ?? 0), axis }
}
