export { BrokenFiles } from './broken-files.js'
export { copyCounter, type Identities, identitiesAt } from './identities.js'
export { whyUnusable } from './look-at-file.js'
export { type Images, type Scan, type ScanOptions, scanImages } from './scan-images.js'
