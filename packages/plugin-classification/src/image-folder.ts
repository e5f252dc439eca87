import type { Hash } from '@mnas/core/contracts'
import type { BrokenFiles } from './broken-files.js'
import type { Examples } from './make-batch.js'
import type { Images } from './scan-images.js'

/** What is known of an image folder once it is listed, scanned and divided. */
export interface ImageFolder {
  readonly fingerprint: Hash
  readonly labels: readonly string[]
  readonly images: Images
  readonly examples: Examples
  readonly broken: BrokenFiles
}
