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

/** The first bytes stay unused, so that nothing has address 0. */
const start = 16
/** What the kernel may read and write beyond the end of a part. */
const slack = 32
const pageBytes = 65536

/** The compiled inner loops and their memory. Knows nothing of Node: a page in a browser uses the same. */
export class Kernel {
  readonly functions: KernelFunctions

  /** @param code kernel.wasm: its bytes, or a WebAssembly.Module. Browsers compile larger ones only asynchronously. */
  constructor(code: object) {
    const module = code instanceof Uint8Array ? new WebAssembly.Module(code) : code
    this.functions = new WebAssembly.Instance(module).exports as KernelFunctions
  }

  /**
   * Divides the memory into parts of so many bytes, each at a multiple of 16, in this order: the first has the same address in every call, so
   * what was written to it stays. Grows the memory when needed, which ends the life of views of it.
   * @returns the address of each part
   */
  layOut(...sizes: readonly number[]): readonly number[] {
    const addresses: number[] = []
    let end = start
    for (const size of sizes) {
      addresses.push(end)
      end = (end + size + slack + 15) & ~15
    }
    const { memory } = this.functions
    const missing = end - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / pageBytes))
    return addresses
  }

  /** The memory, until it grows. */
  get buffer(): ArrayBuffer {
    return this.functions.memory.buffer
  }

  /** Those bytes of the memory, until it grows or is used for something else. */
  view(address: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.buffer, address, length)
  }
}
