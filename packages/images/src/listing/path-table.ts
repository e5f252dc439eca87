/**
 * Many paths in two shared arrays: any number of threads read them without a copy, and a million take 40 MB, not 150. Plain data: a thread
 * gets it as it is.
 */
export interface PathTable {
  /** UTF-8, one path behind the other. */
  readonly bytes: Uint8Array
  /** Where each path ends in `bytes`. */
  readonly ends: Uint32Array
}

export function pathAt({ bytes, ends }: PathTable, index: number): string {
  return bufferOf(bytes).toString('utf8', startOf(ends, index), ends[index])
}

/** For those who read many: as pathAt, without a new view for each. */
export function pathReader({ bytes, ends }: PathTable): (index: number) => string {
  const buffer = bufferOf(bytes)
  return (index) => buffer.toString('utf8', startOf(ends, index), ends[index])
}

export function packPaths(paths: Iterable<string>): PathTable {
  const packer = new PathPacker()
  for (const path of paths) packer.add(path)
  return packer.pack()
}

/** The paths at some indices, in their order. */
export function selectPaths(table: PathTable, indices: Uint32Array): PathTable {
  const { bytes, ends } = table
  const lengths = indices.reduce((sum, index) => sum + ends[index]! - startOf(ends, index), 0)
  const selected = emptyTable(lengths, indices.length)
  let end = 0
  for (const [place, index] of indices.entries()) {
    const path = bytes.subarray(startOf(ends, index), ends[index])
    selected.bytes.set(path, end)
    end += path.length
    selected.ends[place] = end
  }
  return selected
}

/** Collects paths one by one. */
export class PathPacker {
  #bytes = Buffer.alloc(1 << 16)
  #ends = new Uint32Array(1 << 10)
  #end = 0
  #count = 0

  get length(): number {
    return this.#count
  }

  add(path: string): void {
    const longest = this.#end + 3 * path.length // UTF-8 has at most 3 bytes per code unit
    if (longest > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], Math.max(longest, 2 * this.#bytes.length))
    if (this.#count === this.#ends.length) this.#ends = grown(this.#ends)
    this.#end += this.#bytes.write(path, this.#end, 'utf8')
    this.#ends[this.#count++] = this.#end
  }

  pack(): PathTable {
    const table = emptyTable(this.#end, this.#count)
    table.bytes.set(this.#bytes.subarray(0, this.#end))
    table.ends.set(this.#ends.subarray(0, this.#count))
    return table
  }
}

/** A table in shared memory that is to be filled. */
export function emptyTable(byteLength: number, paths: number): PathTable {
  return {
    bytes: new Uint8Array(new SharedArrayBuffer(byteLength)),
    ends: new Uint32Array(new SharedArrayBuffer(Uint32Array.BYTES_PER_ELEMENT * paths)),
  }
}

export const startOf = (ends: Uint32Array, index: number): number => (index === 0 ? 0 : ends[index - 1]!)

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength)

function grown(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * array.length)
  larger.set(array)
  return larger
}
