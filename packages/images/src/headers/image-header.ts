import { avifHeader, isAvif } from './avif-header.js'
import { bmpHeader, isBmp } from './bmp-header.js'
import { ascii, type ByteSource, type ImageHeader, refuse } from './byte-source.js'
import { gifHeader, isGif } from './gif-header.js'
import { isJpeg, jpegFrame } from './jpeg-frame.js'
import { nameOther } from './name-other.js'
import { isPng, pngHeader } from './png-header.js'
import { isTiff, tiffHeader } from './tiff-header.js'
import { isWebp, webpHeader } from './webp-header.js'

/** Bytes read at either end of a file. */
export const edgeBytes = 4096
/** libvips refuses more, and so do we: 268 megapixels decode to 0.8 GB. */
export const maxPixels = 0x3fff * 0x3fff

/** Recognises a picture by content, never by name, and says why anything else cannot be used. */
export function readImageHeader(source: ByteSource, head: Buffer, tail: Buffer): ImageHeader {
  if (source.sizeBytes === 0) return refuse('the file is empty')
  const header = parse(source, head, tail)
  if (!header.usable) return header
  if (header.width < 1 || header.height < 1) return refuse('its header states no size')
  if (header.width * header.height > maxPixels) return refuse(`${header.width}×${header.height} pixels are too many`)
  return header
}

function parse(source: ByteSource, head: Buffer, tail: Buffer): ImageHeader {
  if (isJpeg(head)) return jpegFrame(source, head, tail)
  if (isPng(head)) return pngHeader(head, tail)
  if (isWebp(head)) return webpHeader(source, head)
  if (isGif(head)) return gifHeader(head, tail)
  if (isBmp(head)) return bmpHeader(source, head)
  if (isTiff(head)) return tiffHeader(source, head)
  if (isAvif(head)) return avifHeader(source, head)
  return refuse(nameOther(head, ascii(head, 4, 4) === 'ftyp' ? ascii(head, 8, 4) : ''))
}
