import type { Hash } from '@mnas/core/contracts'
import type { BrokenFiles } from '../folder/broken-files.js'
import type { Images } from '../folder/scan-images.js'
import type { Examples } from './make-batch.js'

/** What is known of an image folder once it is listed, scanned and divided. */
export interface ImageFolder {
  readonly fingerprint: Hash
  readonly labels: readonly string[]
  readonly images: Images
  readonly examples: Examples
  readonly broken: BrokenFiles
}
