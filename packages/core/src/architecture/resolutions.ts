/** As much of an architecture as decides the size of its feature maps. */
export interface Strided {
  readonly input: { readonly size: number }
  readonly stem: { readonly stride: number }
  readonly blocks: readonly { readonly stride: number }[]
}

/** Side of a row's square feature maps in pixels. */
export interface Resolution {
  readonly stride: number
  readonly input: number
  readonly output: number
}

/** The stem's and then each row's. Kernels are odd, so that either padding gives ⌈in/s⌉ pixels. */
export function resolutionsOf({ input, stem, blocks }: Strided): readonly Resolution[] {
  let size = input.size
  return [stem, ...blocks].map(({ stride }) => {
    const output = Math.ceil(size / stride)
    const resolution = { stride, input: size, output }
    size = output
    return resolution
  })
}
