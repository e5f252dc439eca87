import type { DecodeGate } from './decode-gate.js'

/** Where an image is decoded; by default in this thread. */
export interface DecodeOptions {
  /** In other threads, several at once. */
  readonly aside?: boolean
  /** Of a thread that may be stopped. */
  readonly gate?: DecodeGate | undefined
}
