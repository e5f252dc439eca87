export type { ByteSource, ImageHeader } from './byte-source.js'
export { edgeBytes, readImageHeader } from './image-header.js'
export { type JpegHeader, readJpegHeader } from './jpeg-header.js'
