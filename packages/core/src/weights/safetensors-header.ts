import type { DType } from '../contracts/index.js'
import { weightsErrors } from './errors.js'
import { type ForeignFloat, foreignFloats } from './foreign-floats.js'
import { typedArrays } from './typed-arrays.js'

/** What a hostile header may cost: bounds on memory and time before anything is allocated. The format's own limit is 100 MB. */
export const maxHeaderBytes = 16 * 2 ** 20
/** A MnasNet with all optimizer slots has about 1500. */
export const maxTensors = 100_000
export const maxRank = 8
/** What one Node buffer holds without doubt. */
export const maxFileBytes = 2 ** 31 - 1

/** The format's name of each type. */
export const codes = { float32: 'F32', int32: 'I32', uint8: 'U8', int8: 'I8' } as const satisfies Readonly<Record<DType, string>>
const dtypes = Object.fromEntries(Object.entries(codes).map(([dtype, code]) => [code, dtype as DType]))

/** Where a tensor lies; offsets count from the end of the header. */
export interface Entry {
  readonly name: string
  readonly dtype: DType
  /** How the file holds what is read as float32. */
  readonly foreign?: ForeignFloat
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

export interface Header {
  readonly entries: readonly Entry[]
  readonly metadata: Readonly<Record<string, string>>
}

export interface ReadOptions {
  /** Tensors that are not wanted, by name: left out, of whatever type they are. */
  readonly ignored?: (name: string) => boolean
  /** Half, bfloat16 and double precision are read as float32, instead of being refused. */
  readonly convertFloats?: boolean
}

/**
 * Reads and checks everything that a header claims: entries in the order of their data, which they cover without gap and without overlap.
 * @param dataBytes length of what follows the header
 * @throws MNAS_WEIGHTS_CORRUPT, MNAS_WEIGHTS_LIMIT, MNAS_WEIGHTS_DTYPE
 */
export function parseHeader(text: string, dataBytes: number, source: string, options: ReadOptions = {}): Header {
  const { ignored, convertFloats = false } = options
  const corrupt = (reason: string) => weightsErrors.MNAS_WEIGHTS_CORRUPT({ source, reason })
  const json = parseJson(text)
  if (!isRecord(json)) throw corrupt('the header is not a JSON object')
  const { __metadata__: metadata = {}, ...tensors } = json
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    throw corrupt('the metadata is not an object of strings')
  }
  const names = Object.keys(tensors)
  if (names.length > maxTensors) {
    throw weightsErrors.MNAS_WEIGHTS_LIMIT({ source, what: 'tensors', limit: maxTensors, received: names.length })
  }
  const ranges = names.map((name) => parseRange(name, tensors[name], source)).sort((a, b) => a.begin - b.begin || a.end - b.end)
  checkCoverage(ranges, dataBytes, corrupt)
  const entries = ranges.filter(({ name }) => !ignored?.(name)).map((range) => parseEntry(range, source, convertFloats))
  return { entries, metadata: metadata as Readonly<Record<string, string>> }
}

/** What a tensor occupies; its type and shape are not looked at yet. */
interface Range {
  readonly name: string
  readonly begin: number
  readonly end: number
  readonly claim: Readonly<Record<string, unknown>>
}

const corruptTensor = (source: string, name: string, reason: string) =>
  weightsErrors.MNAS_WEIGHTS_CORRUPT({ source, reason: `tensor ${JSON.stringify(name)}: ${reason}` })

function parseRange(name: string, claim: unknown, source: string): Range {
  if (!isRecord(claim)) throw corruptTensor(source, name, 'its entry is not an object')
  const offsets = claim['data_offsets']
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw corruptTensor(source, name, 'its offsets are not two whole numbers')
  const [begin, end] = offsets as [number, number]
  return { name, begin, end, claim }
}

function parseEntry({ name, begin, end, claim }: Range, source: string, convertFloats: boolean): Entry {
  const corrupt = (reason: string) => corruptTensor(source, name, reason)
  const { dtype: code, shape } = claim
  const known = { ...dtypes, ...(convertFloats && foreignFloats) }
  if (typeof code !== 'string' || !Object.hasOwn(known, code)) {
    const dtype = String(code).slice(0, 20)
    throw weightsErrors.MNAS_WEIGHTS_DTYPE({ source, tensor: name, expected: Object.keys(known), dtype })
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) throw corrupt('its shape is not a list of whole numbers')
  if (shape.length > maxRank)
    throw weightsErrors.MNAS_WEIGHTS_LIMIT({ source, what: 'dimensions', limit: maxRank, received: shape.length })
  const foreign = Object.hasOwn(dtypes, code) ? undefined : (code as ForeignFloat)
  const dtype = foreign ? 'float32' : dtypes[code]!
  const width = foreign ? foreignFloats[foreign].bytes : typedArrays[dtype].BYTES_PER_ELEMENT
  const bytes = shape.includes(0) ? 0 : shape.reduce((product, dimension) => product * dimension, width)
  if (!Number.isSafeInteger(bytes)) throw corrupt('its shape overflows')
  if (end - begin !== bytes) throw corrupt(`its shape needs ${bytes} bytes, its offsets give ${end - begin}`)
  return { name, dtype, ...(foreign && { foreign }), shape, begin, end }
}

function checkCoverage(ranges: readonly Range[], dataBytes: number, corrupt: (reason: string) => Error): void {
  let reached = 0
  for (const { name, begin, end } of ranges) {
    if (end < begin) throw corrupt(`tensor ${JSON.stringify(name)} ends before it begins`)
    if (begin < reached) throw corrupt(`tensor ${JSON.stringify(name)} overlaps another`)
    if (begin > reached) throw corrupt(`${begin - reached} bytes before tensor ${JSON.stringify(name)} belong to none`)
    reached = end
  }
  if (reached > dataBytes) throw corrupt(`it is truncated: ${reached} bytes of data were announced, ${dataBytes} are there`)
  if (reached < dataBytes) throw corrupt(`${dataBytes - reached} bytes at its end belong to no tensor`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
