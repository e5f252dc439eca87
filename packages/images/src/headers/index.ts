export { type ByteSource, edgeBytes, type ImageHeader, readImageHeader } from './image-header.js'
export { type JpegHeader, readJpegHeader } from './jpeg-header.js'
