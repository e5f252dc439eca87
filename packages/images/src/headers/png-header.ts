import { ascii, type ImageHeader, refuse } from './byte-source.js'

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
export const isPng = (head: Buffer): boolean => head.subarray(0, 8).equals(signature)

/** Bits per channel or palette index: 1, 2, 4, 8 or 16. @param head of a PNG */
export const pngDepth = (head: Buffer): number | undefined => head[24]

export function pngHeader(head: Buffer, tail: Buffer): ImageHeader {
  if (head.length < 33 || ascii(head, 12, 4) !== 'IHDR') return refuse('truncated PNG')
  const complete = tail.lastIndexOf('IEND', undefined, 'latin1') >= 0
  return { usable: true, complete, width: head.readUInt32BE(16), height: head.readUInt32BE(20) }
}
