/** A BMP file whose pixels are numbers of 16 or 32 bits with those masks. @param height negative: the first row is the highest one */
export function bmpFile(
  { width, height, bits, masks }: { width: number; height: number; bits: 16 | 32; masks: readonly number[] },
  numbers: readonly number[],
): Buffer {
  const stride = Math.ceil((width * bits) / 32) * 4
  const file = Buffer.alloc(66 + stride * Math.abs(height))
  file.write('BM', 'latin1')
  file.writeUInt32LE(66, 10)
  file.writeUInt32LE(40, 14)
  file.writeInt32LE(width, 18)
  file.writeInt32LE(height, 22)
  file.writeUInt16LE(bits, 28)
  file.writeUInt32LE(3, 30)
  for (const [index, mask] of masks.entries()) file.writeUInt32LE(mask, 54 + 4 * index)
  for (const [index, number] of numbers.entries()) {
    const at = 66 + stride * Math.floor(index / width) + (index % width) * (bits / 8)
    if (bits === 16) file.writeUInt16LE(number, at)
    else file.writeUInt32LE(number, at)
  }
  return file
}
