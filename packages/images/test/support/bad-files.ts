import sharp from 'sharp'
import { picture } from './pictures.js'

const raw = (channels: 1 | 2 | 3 | 4) =>
  sharp({ create: { width: 30, height: 20, channels: channels < 4 ? 3 : 4, background: '#a05030' } })
export const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic\0\0\0\0mif1heic'), Buffer.alloc(300, 1)])

/** Every kind of file that cannot be used, and the reason a person reads. */
export async function badFiles(): Promise<Record<string, readonly [Buffer | string, RegExp]>> {
  const jpeg = await picture(1, 'jpeg', 200, 200)
  const png = await picture(1, 'png', 200, 200)
  const webp = await picture(1, 'webp', 200, 200)
  return {
    'cmyk.jpg': [await raw(3).toColourspace('cmyk').jpeg().toBuffer(), /CMYK/],
    'deep.png': [await raw(3).toColourspace('rgb16').png().toBuffer(), /16 bits/],
    'phone.heic': [heic, /HEIC/],
    'phone.jpg': [heic, /HEIC/],
    'moving.gif': [await raw(3).gif().toBuffer(), /GIF/],
    'scan.tiff': [await raw(3).tiff().toBuffer(), /TIFF/],
    'drawing.svg': ['<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', /SVG/],
    'photo.avif': [await raw(3).avif({ effort: 0 }).toBuffer(), /AVIF/],
    'clip.mp4': [Buffer.from('\0\0\0\x18ftypisom\0\0\0\0'), /video/],
    'notes.jpg': ['this is not a picture\n', /a text file/],
    'bytes.jpg': [Buffer.from([1, 2, 3, 4, 5]), /not an image/],
    'empty.png': ['', /empty/],
    // libvips has one error text for all threads: what another file's decoder took is not there to be told
    'cut.jpg': [jpeg.subarray(0, jpeg.length >> 1), /premature end|its data is corrupt/],
    'head.jpg': [jpeg.subarray(0, 12), /truncated JPEG/],
    'cut.png': [png.subarray(0, png.length >> 1), /./],
    'cut.webp': [webp.subarray(0, webp.length >> 1), /./],
    'corrupt.jpg': [Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9]), /corrupt JPEG/],
  }
}
