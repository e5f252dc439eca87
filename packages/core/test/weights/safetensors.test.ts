import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Tensor, Tensors } from '@mnas/core/contracts'
import {
  maxHeaderBytes,
  maxTensors,
  parseSafetensors,
  readSafetensors,
  serializeSafetensors,
  typedArrays,
  writeSafetensors,
} from '@mnas/core/weights'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-weights-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const tensor = fc
  .tuple(
    fc.constantFrom('float32', 'int32', 'uint8', 'int8'),
    fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }),
    fc.infiniteStream(fc.nat(2 ** 32 - 1)),
  )
  .map(([dtype, shape, bits]): Tensor => {
    const values = shape.reduce((product, dimension) => product * dimension, 1)
    const { buffer } = Uint32Array.from({ length: values }, () => bits.next().value as number)
    return { dtype, shape, data: new typedArrays[dtype](buffer).slice(0, values) }
  })
const name = fc.string({ maxLength: 12 }).filter((text) => text !== '__metadata__')
const tensorsOf = fc.dictionary(name, tensor, { maxKeys: 6 })

const bytesOf = ({ data }: Tensor) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)
const comparable = (tensors: Tensors) =>
  Object.entries(tensors)
    .map(([key, value]) => [key, value.dtype, value.shape, bytesOf(value).toString('hex')])
    .sort()

/** A file with a header that says what we like. */
function forge(header: unknown, dataBytes = 0): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + text.length + dataBytes)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  return bytes
}
const entry = (shape: unknown, begin: unknown, end: unknown, dtype: unknown = 'F32') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
})

describe('writing and reading', () => {
  it('gives every bit back, NaN payloads included, with the metadata', () => {
    fc.assert(
      fc.property(tensorsOf, fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }), (tensors, metadata) => {
        const read = parseSafetensors(serializeSafetensors(tensors, metadata))
        expect(comparable(read.tensors)).toEqual(comparable(tensors))
        expect(Object.entries(read.metadata).sort()).toEqual(Object.entries(metadata).sort())
      }),
    )
  })

  it('gives the same bytes for the same tensors in any order, values aligned to 8', () => {
    const a: Tensor = { dtype: 'uint8', shape: [3], data: Uint8Array.of(1, 2, 3) }
    const b: Tensor = { dtype: 'float32', shape: [], data: Float32Array.of(-0) }
    const bytes = serializeSafetensors({ a, b }, { y: '1', x: '2' })
    expect(serializeSafetensors({ b, a }, { x: '2', y: '1' })).toEqual(bytes)
    expect(new DataView(bytes.buffer).getBigUint64(0, true) % 8n).toBe(0n)
    expect(bytes.length % 8).toBe(7)
  })

  it('reads values that another writer left unaligned', () => {
    const bytes = forge({ a: entry([1], 0, 1, 'U8'), b: entry([1], 1, 5) }, 5)
    new DataView(bytes.buffer).setFloat32(bytes.length - 4, 1.5, true)
    expect(parseSafetensors(bytes).tensors['b']?.data).toEqual(Float32Array.of(1.5))
  })

  it('leaves out what is not wanted, of whatever type, and still counts its bytes', () => {
    const header = { 'bn.num_batches_tracked': entry([], 0, 8, 'I64'), 'bn.weight': entry([1], 8, 12) }
    const ignored = (name: string) => name.endsWith('.num_batches_tracked')
    expect(Object.keys(parseSafetensors(forge(header, 12), 'x', { ignored }).tensors)).toEqual(['bn.weight'])
    expect(() => parseSafetensors(forge(header, 12))).toThrow(expect.objectContaining({ code: 'MNAS_WEIGHTS_DTYPE' }))
    expect(() => parseSafetensors(forge(header, 11), 'x', { ignored })).toThrow(/truncated/)
  })

  it('converts half, bfloat16 and double precision to float32 where it is asked to', () => {
    const values = new Uint8Array([0x00, 0x3c, 0x01, 0x80, 0x00, 0xfc, 0x01, 0x7e, 0xff, 0x7b])
    const half = forge({ a: entry([5], 0, 10, 'F16') }, 10)
    half.set(values, half.length - 10)
    const read = parseSafetensors(half, 'x', { convertFloats: true })
    expect(read.tensors['a']!.dtype).toBe('float32')
    expect([...read.tensors['a']!.data]).toEqual([1, -(2 ** -24), Number.NEGATIVE_INFINITY, Number.NaN, 65504])
    expect(read.converted).toEqual(['F16'])

    const brain = forge({ a: entry([2], 0, 4, 'BF16') }, 4)
    brain.set([0x80, 0x3f, 0x49, 0xc0], brain.length - 4)
    expect([...parseSafetensors(brain, 'x', { convertFloats: true }).tensors['a']!.data]).toEqual([1, -3.140625])

    const double = forge({ a: entry([2], 0, 16, 'F64') }, 16)
    new DataView(double.buffer).setFloat64(double.length - 16, 0.1, true)
    new DataView(double.buffer).setFloat64(double.length - 8, 1e300, true)
    const { data } = parseSafetensors(double, 'x', { convertFloats: true }).tensors['a']!
    expect([...data]).toEqual([Math.fround(0.1), Number.POSITIVE_INFINITY])

    const integers = forge({ a: entry([1], 0, 8, 'I64') }, 8)
    expect(() => parseSafetensors(integers, 'x', { convertFloats: true })).toThrow(/type I64\. Expected one of .*BF16/)
  })

  it('writes whole or not at all', async () => {
    const path = join(folder, 'new', 'w.safetensors')
    await writeSafetensors(path, { a: { dtype: 'int32', shape: [2], data: Int32Array.of(1, -1) } }, { step: '7' })
    expect(await readdir(join(folder, 'new'))).toEqual(['w.safetensors'])
    expect(await readSafetensors(path)).toEqual({
      tensors: { a: { dtype: 'int32', shape: [2], data: Int32Array.of(1, -1) } },
      metadata: { step: '7' },
    })
    await truncate(path, 70)
    await expect(readSafetensors(path)).rejects.toMatchObject({
      code: 'MNAS_WEIGHTS_CORRUPT',
      exitCode: 3,
      message: expect.stringContaining(path),
    })
    await expect(readSafetensors(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'MNAS_FILE_MISSING' })
    await writeFile(join(folder, 'file'), '')
    await expect(writeSafetensors(join(folder, 'file', 'w'), {})).rejects.toMatchObject({ code: 'MNAS_FILE_WRITE' })
  })

  it('refuses to write a tensor whose values do not fill its shape', () => {
    expect(() => serializeSafetensors({ a: { dtype: 'float32', shape: [3], data: Float32Array.of(1) } })).toThrow(
      /"a" has 1 values, its shape \[3\] needs 3/,
    )
  })
})

describe('hostile files', () => {
  const manyTensors = Object.fromEntries(Array.from({ length: maxTensors + 1 }, (_, index) => [`t${index}`, entry([0], 0, 0)]))
  const longHeader = () => {
    const bytes = new Uint8Array(16)
    new DataView(bytes.buffer).setBigUint64(0, BigInt(maxHeaderBytes) + 1n, true)
    return bytes
  }
  const hugeHeader = () => new Uint8Array(16).fill(0xff)

  it.each([
    ['an empty file', new Uint8Array(0), 'CORRUPT', 'shorter than a header'],
    ['a header longer than the file', forge('{}').subarray(0, 9), 'CORRUPT', 'the header is truncated'],
    ['a header above the limit', longHeader(), 'LIMIT', `at most ${maxHeaderBytes} bytes of header`],
    ['a header of 2^64 − 1 bytes', hugeHeader(), 'LIMIT', 'bytes of header'],
    ['no JSON', forge('{"a":'), 'CORRUPT', 'not a JSON object'],
    ['a JSON list', forge([]), 'CORRUPT', 'not a JSON object'],
    ['too many tensors', forge(manyTensors), 'LIMIT', `at most ${maxTensors} tensors`],
    ['metadata of numbers', forge({ __metadata__: { a: 1 } }), 'CORRUPT', 'not an object of strings'],
    ['an entry that is no object', forge({ a: 1 }), 'CORRUPT', 'its entry is not an object'],
    ['an unknown type', forge({ a: entry([1], 0, 2, 'BF16') }, 2), 'DTYPE', 'BF16'],
    ['a type from the prototype', forge({ a: entry([1], 0, 2, 'constructor') }, 2), 'DTYPE', 'constructor'],
    ['a negative dimension', forge({ a: entry([-1], 0, 4) }, 4), 'CORRUPT', 'its shape is not a list of whole numbers'],
    ['a fractional dimension', forge({ a: entry([0.5], 0, 2) }, 2), 'CORRUPT', 'its shape is not'],
    ['too many dimensions', forge({ a: entry(Array(9).fill(1), 0, 4) }, 4), 'LIMIT', 'dimensions'],
    ['a shape that overflows', forge({ a: entry([2 ** 30, 2 ** 30], 0, 0) }), 'CORRUPT', 'overflows'],
    ['a shape that wraps around to 0', forge({ a: entry([2 ** 32, 2 ** 32], 0, 0) }), 'CORRUPT', 'overflows'],
    ['a shape larger than its data', forge({ a: entry([3], 0, 8) }, 8), 'CORRUPT', 'needs 12 bytes, its offsets give 8'],
    ['offsets backwards', forge({ a: entry([0], 8, 0) }, 8), 'CORRUPT', 'ends before it begins'],
    ['negative offsets', forge({ a: entry([1], -4, 0) }, 4), 'CORRUPT', 'not two whole numbers'],
    ['three offsets', forge({ a: { dtype: 'F32', shape: [1], data_offsets: [0, 4, 8] } }, 8), 'CORRUPT', 'not two whole numbers'],
    ['offsets as text', forge({ a: entry([1], '0', '4') }, 4), 'CORRUPT', 'not two whole numbers'],
    ['an overlap', forge({ a: entry([2], 0, 8), b: entry([1], 4, 8) }, 8), 'CORRUPT', 'overlaps'],
    ['the same data twice', forge({ a: entry([1], 0, 4), b: entry([1], 0, 4) }, 4), 'CORRUPT', 'overlaps'],
    ['a gap', forge({ a: entry([1], 0, 4), b: entry([1], 8, 12) }, 12), 'CORRUPT', '4 bytes before tensor "b"'],
    ['a gap at the start', forge({ a: entry([1], 4, 8) }, 8), 'CORRUPT', '4 bytes before tensor "a"'],
    ['missing data', forge({ a: entry([2], 0, 8) }, 4), 'CORRUPT', '8 bytes of data were announced, 4 are there'],
    ['data behind the last tensor', forge({ a: entry([1], 0, 4) }, 9), 'CORRUPT', '5 bytes at its end'],
  ])('%s is refused with a named error', (_what, bytes, code, reason) => {
    const parse = () => parseSafetensors(bytes)
    expect(parse).toThrowError(expect.objectContaining({ code: `MNAS_WEIGHTS_${code}`, exitCode: 3 }))
    expect(parse).toThrowError(reason)
  })

  it('never ends in anything but a value or a named error, whatever the bytes', () => {
    const valid = serializeSafetensors({ a: { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) } }, { m: 'x' })
    const damaged = fc
      .array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
      .map((changes) => changes.reduce((bytes, [index, value]) => bytes.with(index, value), valid))
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 64 })), (bytes) => {
        try {
          parseSafetensors(bytes)
        } catch (error) {
          expect((error as { code?: string }).code).toMatch(/^MNAS_WEIGHTS_/)
        }
      }),
    )
  })

  it('keeps a tensor that is called like a prototype', () => {
    const { tensors } = parseSafetensors(forge('{"__proto__": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}', 1))
    expect(Object.keys(tensors)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(tensors)).toBe(Object.prototype)
  })
})
