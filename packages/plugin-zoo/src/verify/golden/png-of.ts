import { crc32, deflateSync } from 'node:zlib'
import type { DrawnPicture } from './draw-picture.js'

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
/** 8 bits, RGB, nothing interlaced. */
const kind = Uint8Array.of(8, 2, 0, 0, 0)

/** A picture as a PNG: every decoder gives its very pixels back. */
export function pngOf({ width, height, pixels }: DrawnPicture): Uint8Array {
  const rows = new Uint8Array(height * (1 + 3 * width))
  // Before each row stands how it was filtered: 0, not at all.
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(3 * width * y, 3 * width * (y + 1)), y * (1 + 3 * width) + 1)
  const header = Buffer.concat([bigEndian(width), bigEndian(height), kind])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

function chunk(name: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data])
  return Buffer.concat([bigEndian(data.length), named, bigEndian(crc32(named))])
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
