import { ascii } from './byte-source.js'

const readable = 'JPEG, PNG, WebP, GIF, BMP, TIFF and AVIF are read'

/** What a file is that is no picture we read, by its first bytes, so that the reason helps. @param brand of an ISO media file, or `''` */
export function nameOther(head: Buffer, brand: string): string {
  if (/^(hei|hev|mif|msf)/.test(brand))
    return 'a HEIC image: convert it (heif-convert IN.heic OUT.jpg; on a Mac sips -s format jpeg IN.heic --out OUT.jpg)'
  return `${nameOf(head, brand)}; ${readable}`
}

function nameOf(head: Buffer, brand: string): string {
  if (brand !== '') return 'a video'
  const known = signatures.find(([signature]) => ascii(head, 0, signature.length) === signature)
  if (known) return known[1]
  const text = head.toString('utf8')
  if (/<svg[\s>]/i.test(text)) return 'an SVG drawing'
  return isText(head) ? 'a text file' : 'not an image'
}
const signatures: readonly (readonly [string, string])[] = [
  ['%PDF', 'a PDF document'],
  ['\0\0\0\x0cJXL ', 'a JPEG XL image'],
  ['\xff\x0a', 'a JPEG XL image'],
  ['\0\0\0\x0cjP  ', 'a JPEG 2000 image'],
  ['II+\0', 'a BigTIFF image'],
  ['MM\0+', 'a BigTIFF image'],
  ['8BPS', 'a Photoshop document'],
  ['PK\x03\x04', 'a ZIP archive'],
]
const isText = (head: Buffer) => !head.some((byte) => byte < 9 || (byte > 13 && byte < 32))
