import fc from 'fast-check'

/** A file as it was written. */
export interface Intact {
  readonly name: string
  readonly bytes: Uint8Array
  /** Where its weights begin: in front of them lie the tables. */
  readonly tableBytes: number
}

/** Values that lengths, offsets, sizes and positions do not have in a small file. */
const extremes = [
  ...[0, 1, 3, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x1_0000, 0xff_ffff],
  ...[0x7fff_ffff, 0x8000_0000, 0xffff_fffc, 0xffff_ffff],
] as const

/** In the tables, or anywhere: most of a file is weights, in which few changes matter. */
const place = fc.record({ inTables: fc.boolean(), at: fc.nat() })
type Place = typeof place extends fc.Arbitrary<infer T> ? T : never

const kind = <K extends string>(name: K) => fc.constant(name)
const sized = { value: fc.constantFrom(...extremes), size: fc.constantFrom(1, 2, 4) }
const block = { from: place, donor: fc.nat(), words: fc.integer({ min: 1, max: 32 }) }

/** What a bad disk, a torn download or a careless writer does to a file, and what somebody does who looks for holes. */
const damage = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: kind('extreme'), at: place, ...sized }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('flip'), at: place, mask: fc.integer({ min: 1, max: 255 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('splice'), at: place, ...block }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('drop'), at: place, length: fc.integer({ min: 1, max: 64 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('cut'), at: place }) },
)
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never

/** The same ones each time: of each file in turn, with one change or two. */
export function damagedFiles(intact: readonly Intact[], count: number): readonly Intact[] {
  const changes = fc.sample(fc.array(damage, { minLength: 1, maxLength: 2 }), { seed: 20261128, numRuns: count })
  return changes.map((each, at) => each.reduce((file, change) => damaged(file, change, intact), intact[at % intact.length]!))
}

function damaged(file: Intact, change: Damage, donors: readonly Intact[]): Intact {
  const { bytes } = file
  if (bytes.length === 0) return file
  const at = positionIn(file, change.at)
  switch (change.kind) {
    case 'extreme': {
      const aligned = at - (at % change.size)
      const value = Array.from({ length: change.size }, (_, byte) => (change.value >>> (8 * byte)) & 255)
      return { ...file, bytes: withBytes(bytes, aligned, value) }
    }
    case 'flip':
      return { ...file, bytes: withBytes(bytes, at, [bytes[at]! ^ change.mask]) }
    case 'splice': {
      const donor = donors[change.donor % donors.length]!
      const from = positionIn(donor, change.from) & ~3
      return { ...file, bytes: withBytes(bytes, at & ~3, donor.bytes.subarray(from, from + 4 * change.words)) }
    }
    case 'drop':
      return { ...file, bytes: Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + change.length)]) }
    case 'cut':
      return { ...file, bytes: bytes.slice(0, at) }
    default:
      return change satisfies never
  }
}

const positionIn = ({ bytes, tableBytes }: Intact, { inTables, at }: Place) =>
  at % (inTables ? Math.min(tableBytes, bytes.length) : bytes.length)

/** As far as they fit. */
function withBytes(bytes: Uint8Array, at: number, value: ArrayLike<number>): Uint8Array {
  const copy = bytes.slice()
  copy.set(Array.from(value).slice(0, copy.length - at), at)
  return copy
}
