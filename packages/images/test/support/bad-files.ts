import sharp from 'sharp'
import { picture } from './pictures.js'

export const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic\0\0\0\0mif1heic'), Buffer.alloc(300, 1)])

/** A TIFF directory whose one entry says that its picture is a thumbnail (NewSubfileType 1). */
const cameraRaw = Buffer.concat([
  Buffer.from('II*\0\x08\0\0\0\x01\0', 'latin1'),
  Buffer.from([0xfe, 0, 4, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]),
])

/** Every kind of file that cannot be used, and the reason a person reads. */
export async function badFiles(): Promise<Record<string, readonly [Buffer | string, RegExp]>> {
  const jpeg = await picture(1, 'jpeg', 200, 200)
  const png = await picture(1, 'png', 200, 200)
  const gif = await sharp(png).gif().toBuffer()
  const webp = await picture(1, 'webp', 200, 200)
  return {
    'phone.heic': [heic, /HEIC image: convert it \(heif-convert/],
    'phone.jpg': [heic, /HEIC/],
    'raw.tiff': [cameraRaw, /a camera's raw file; export it as JPEG/],
    'drawing.svg': ['<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', /SVG/],
    'clip.jpg': [Buffer.from('\0\0\0\x18ftypisom\0\0\0\0'), /video/],
    'notes.jpg': ['this is not a picture\n', /a text file/],
    'bytes.jpg': [Buffer.from([1, 2, 3, 4, 5]), /not an image/],
    'empty.png': ['', /empty/],
    // libvips has one error text for all threads: what another file's decoder took is not there to be told
    'cut.jpg': [jpeg.subarray(0, jpeg.length >> 1), /premature end|its data is corrupt/],
    'head.jpg': [jpeg.subarray(0, 12), /truncated JPEG/],
    'cut.gif': [gif.subarray(0, gif.length >> 1), /./],
    'cut.png': [png.subarray(0, png.length >> 1), /./],
    'cut.webp': [webp.subarray(0, webp.length >> 1), /./],
    'corrupt.jpg': [Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9]), /corrupt JPEG/],
  }
}
