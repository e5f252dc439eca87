import { open, readFile, stat } from 'node:fs/promises'
import type { Tensor, Tensors } from '../contracts/index.js'
import { coreErrors, isMnasError } from '../errors/index.js'
import { reasonOf, writeAtomic } from '../files/index.js'
import { weightsErrors } from './errors.js'
import { foreignFloats } from './foreign-floats.js'
import { codes, type Entry, maxFileBytes, maxHeaderBytes, parseHeader, type ReadOptions } from './safetensors-header.js'
import { typedArrays } from './typed-arrays.js'

/**
 * A safetensors file: 8 bytes little-endian header length, a JSON header, the values of all tensors without gaps. Think of a table of
 * contents and a heap of numbers; nothing in it is executed.
 */
export interface Safetensors {
  readonly tensors: Tensors
  readonly metadata: Readonly<Record<string, string>>
  /** Types of the file that were converted to float32, e.g. `BF16`; with the option `convertFloats` alone. */
  readonly converted?: readonly string[]
}

/** The header's length is a multiple of it, so that the values of a mapped file are aligned for every type. */
const alignment = 8
const lengthBytes = 8

/** @throws MNAS_FILE_MISSING, MNAS_WEIGHTS_CORRUPT, MNAS_WEIGHTS_LIMIT, MNAS_WEIGHTS_DTYPE */
export async function readSafetensors(path: string, options: ReadOptions = {}): Promise<Safetensors> {
  const source = JSON.stringify(path)
  const bytes = await reading(path, async () => {
    const { size } = await stat(path)
    if (size > maxFileBytes)
      throw weightsErrors.MNAS_WEIGHTS_LIMIT({ source, what: 'bytes', limit: maxFileBytes, received: size })
    return readFile(path)
  })
  return parseSafetensors(bytes, source, options)
}

/**
 * What stands beside the tensors; of these only the header is read, and checked against the file's size.
 * @throws as readSafetensors
 */
export async function readSafetensorsMetadata(path: string): Promise<Safetensors['metadata']> {
  const source = JSON.stringify(path)
  const { size, header } = await reading(path, async () => {
    const file = await open(path)
    try {
      const { size } = await file.stat()
      const first = await file.read(new Uint8Array(lengthBytes), 0, lengthBytes, 0)
      const dataBegin = dataBeginOf(first.buffer.subarray(0, first.bytesRead), size, source)
      const header = new Uint8Array(dataBegin - lengthBytes)
      await file.read(header, 0, header.byteLength, lengthBytes)
      return { size, header }
    } finally {
      await file.close()
    }
  })
  return parseHeader(new TextDecoder().decode(header), size - lengthBytes - header.byteLength, source).metadata
}

/** @throws MNAS_FILE_MISSING for what the file system has to say; want of memory stays what it is */
async function reading<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (isMnasError(error) || error instanceof RangeError) throw error
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw coreErrors.MNAS_FILE_MISSING({ path, what: missing ? 'Weights file' : `Weights file (${reasonOf(error)})` }, error)
  }
}

/**
 * Every tensor's values are copied out of `bytes`.
 * @param source what to call the bytes in an error
 * @throws MNAS_WEIGHTS_CORRUPT, MNAS_WEIGHTS_LIMIT, MNAS_WEIGHTS_DTYPE
 */
export function parseSafetensors(bytes: Uint8Array, source = 'in memory', options: ReadOptions = {}): Safetensors {
  const dataBegin = dataBeginOf(bytes, bytes.byteLength, source)
  const text = new TextDecoder().decode(bytes.subarray(lengthBytes, dataBegin))
  const { entries, metadata } = parseHeader(text, bytes.byteLength - dataBegin, source, options)
  const data = bytes.subarray(dataBegin)
  const tensors = Object.fromEntries(entries.map((entry) => [entry.name, tensorAt(data, entry)]))
  if (!options.convertFloats) return { tensors, metadata }
  return { tensors, metadata, converted: [...new Set(entries.flatMap(({ foreign = [] }) => foreign))] }
}

/** Where the values begin, from the first bytes of a file of that size. */
function dataBeginOf(bytes: Uint8Array, size: number, source: string): number {
  if (bytes.byteLength < lengthBytes)
    throw weightsErrors.MNAS_WEIGHTS_CORRUPT({ source, reason: 'they are shorter than a header' })
  const headerBytes = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
  if (headerBytes > BigInt(maxHeaderBytes)) {
    const received = Number(headerBytes)
    throw weightsErrors.MNAS_WEIGHTS_LIMIT({ source, what: 'bytes of header', limit: maxHeaderBytes, received })
  }
  const dataBegin = lengthBytes + Number(headerBytes)
  if (dataBegin > size) throw weightsErrors.MNAS_WEIGHTS_CORRUPT({ source, reason: 'the header is truncated' })
  return dataBegin
}

function tensorAt(data: Uint8Array, { dtype, foreign, shape, begin, end }: Entry): Tensor {
  // A copy: its offset is 0, whatever the alignment in the file, and it does not keep the whole file in memory.
  const { buffer } = Uint8Array.from(data.subarray(begin, end))
  return { dtype, shape, data: foreign ? foreignFloats[foreign].toFloat32(buffer) : new typedArrays[dtype](buffer) }
}

/** Writes whole or not at all. The same tensors and metadata give the same bytes. @throws MNAS_FILE_WRITE */
export async function writeSafetensors(
  path: string,
  tensors: Tensors,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeAtomic(path, serializeSafetensors(tensors, metadata))
}

export function serializeSafetensors(tensors: Tensors, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const ordered = Object.entries(tensors).sort(byAlignmentAndName)
  let end = 0
  const entries = ordered.map(([name, tensor]) => {
    const begin = end
    end += byteLengthOf(name, tensor)
    return [name, { dtype: codes[tensor.dtype], shape: tensor.shape, data_offsets: [begin, end] }] as const
  })
  const sortedMetadata = Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => compare(a, b)))
  const json = JSON.stringify({ __metadata__: sortedMetadata, ...Object.fromEntries(entries) })
  const header = new TextEncoder().encode(json)
  const headerBytes = Math.ceil(header.byteLength / alignment) * alignment
  const bytes = new Uint8Array(lengthBytes + headerBytes + end)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true)
  bytes.set(header, lengthBytes)
  bytes.fill(0x20, lengthBytes + header.byteLength, lengthBytes + headerBytes)
  let offset = lengthBytes + headerBytes
  for (const [, { data }] of ordered) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset)
    offset += data.byteLength
  }
  return bytes
}

/** Wide types first, so that every value is aligned to its size. */
function byAlignmentAndName([nameA, a]: [string, Tensor], [nameB, b]: [string, Tensor]): number {
  return typedArrays[b.dtype].BYTES_PER_ELEMENT - typedArrays[a.dtype].BYTES_PER_ELEMENT || compare(nameA, nameB)
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

function byteLengthOf(name: string, { dtype, shape, data }: Tensor): number {
  const values = shape.reduce((product, dimension) => product * dimension, 1)
  if (data.length === values && data.BYTES_PER_ELEMENT === typedArrays[dtype].BYTES_PER_ELEMENT) return data.byteLength
  throw coreErrors.MNAS_INTERNAL({
    what: `tensor "${name}" has ${data.length} values, its shape [${shape.join(', ')}] needs ${values}`,
  })
}
