import { readFileSync } from 'node:fs'

/** What assembly/kernel.ts exports. Addresses and lengths are bytes in `memory`. */
interface KernelFunctions {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  resampleRows(
    source: number,
    sourceStride: number,
    rows: number,
    outputs: number,
    first: number,
    weights: number,
    pairs: number,
    target: number,
    targetStride: number,
  ): void
  resampleColumns(
    source: number,
    sourceStride: number,
    length: number,
    outputs: number,
    first: number,
    weights: number,
    pairs: number,
    target: number,
  ): void
  lookUp(source: number, pixels: number, tables: number, target: number): void
}

/** As far as it is needed: Node's types leave it out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: object }
}

export const kernel = instantiate()

function instantiate(): KernelFunctions {
  const file = new URL('../kernel.wasm', import.meta.url)
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)))
    return exports as KernelFunctions
  } catch (error) {
    // V8 sets aside gigabytes of addresses for any WebAssembly memory.
    if (error instanceof RangeError) throw new Error('WebAssembly finds too few addresses. Raise ulimit -v', { cause: error })
    throw new Error(`${file.pathname} is missing or damaged. Run npm run build`, { cause: error })
  }
}

/** The first bytes stay unused, so that nothing has address 0. */
const start = 16
/** What the kernel may read and write beyond the end of a part. */
const slack = 32
const pageBytes = 65536

/**
 * Divides the memory into parts of so many bytes, each at a multiple of 16, in this order: the first has the same address in every call, so
 * what was written to it stays. Grows the memory when needed, which ends the life of views of it.
 * @returns the address of each part
 */
export function layOut(...sizes: readonly number[]): readonly number[] {
  const addresses: number[] = []
  let end = start
  for (const size of sizes) {
    addresses.push(end)
    end = (end + size + slack + 15) & ~15
  }
  const missing = end - kernel.memory.buffer.byteLength
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / pageBytes))
  return addresses
}

/** Those bytes of the memory, until it grows or is used for something else. */
export const view = (address: number, length: number): Buffer => Buffer.from(kernel.memory.buffer, address, length)
