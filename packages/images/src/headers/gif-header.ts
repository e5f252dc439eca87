import { ascii, type ImageHeader, refuse } from './byte-source.js'

export const isGif = (head: Buffer): boolean => /^GIF8[79]a$/.test(ascii(head, 0, 6))

const trailer = 0x3b

/** The logical screen, GIF89a §18. */
export function gifHeader(head: Buffer, tail: Buffer): ImageHeader {
  if (head.length < 13) return refuse('truncated GIF')
  const complete = tail.at(-1) === trailer
  return { usable: true, complete, width: head.readUInt16LE(6), height: head.readUInt16LE(8) }
}
