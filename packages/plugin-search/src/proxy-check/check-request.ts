import type { DataPlace } from '@mnas/core/contracts'

/** A check of proxies as the command line asks for it. */
export interface CheckRequest {
  readonly data: DataPlace
  readonly task: string
  readonly space: string
  /** Side of the deployed input in pixels: what the references are trained at. */
  readonly size: number
  readonly width: number
  /** How many; at least 3. */
  readonly networks: number
  /** Of a reference; undefined: as many as the time allows. */
  readonly epochs: number | undefined
  /** Epochs and sizes of what is compared with it; empty: shares of the reference's. */
  readonly proxyEpochs: readonly number[]
  readonly proxySizes: readonly number[]
  readonly seed: number
  /** No training begins after so much time; undefined: all of them do. */
  readonly timeMs: number | undefined
  readonly out: string
}
