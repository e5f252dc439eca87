export { BrokenFiles } from './broken-files.js'
export { whyUnusable } from './look-at-file.js'
export { type Images, type Scan, type ScanOptions, scanImages } from './scan-images.js'
