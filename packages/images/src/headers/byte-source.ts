import type { Size } from '@mnas/core/contracts'

/** Random access to the bytes of a file. `read` returns fewer bytes at the end. */
export interface ByteSource {
  readonly sizeBytes: number
  read(offset: number, length: number): Buffer
}

/**
 * What the first and last bytes of a file say. `complete: false`: its end mark is not where it belongs, so it is truncated or has
 * something behind it (phones append videos), or its format has none: only decoding tells.
 */
export type ImageHeader =
  | (Size & { readonly usable: true; readonly complete: boolean })
  | { readonly usable: false; readonly reason: string }

export const refuse = (reason: string): ImageHeader => ({ usable: false, reason })
export const ascii = (bytes: Buffer, at: number, length: number): string => bytes.toString('latin1', at, at + length)
