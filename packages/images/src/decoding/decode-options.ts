import type { DecodeGate } from './decode-gate.js'

/** How an image is decoded and where; by default fast, in this thread. */
export interface DecodeOptions {
  /** By the accurate transform and our own resampling, whatever the format: what every other exact decoder gives. For evaluation. */
  readonly exact?: boolean
  /** In other threads, several at once. */
  readonly aside?: boolean
  /** Of a thread that may be stopped. */
  readonly gate?: DecodeGate | undefined
}
