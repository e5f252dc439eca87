/** What is known of a file. */
export const fileStates = {
  pending: 0,
  /** It cannot be opened or read. */
  unreadable: 1,
  /** It is no image that can be used. */
  unusable: 2,
  /** Its end mark is not where it belongs: only decoding tells. */
  doubtful: 3,
  usable: 4,
} as const

export const digestBytes = 32

/**
 * What a scan saw, a row per file: columns in one block of shared memory, which threads fill and the scan cache stores as it is. Plain data.
 * ImageNet's 1.33 million rows are 76 MB.
 */
export interface ScanTable {
  readonly block: Uint8Array
  readonly sizeBytes: Float64Array
  readonly modifiedMs: Float64Array
  /** Pixels as the header states them, before EXIF rotation; 0 = unusable. */
  readonly widths: Uint32Array
  readonly heights: Uint32Array
  /** sha256 of the first and last 4 KiB. */
  readonly digests: Uint8Array
  /** One of fileStates. */
  readonly states: Uint8Array
}

const rowBytes = 8 + 8 + 4 + 4 + digestBytes + 1
export const tableBytes = (rows: number): number => rows * rowBytes

/** Columns from the widest to the narrowest, so that each is aligned. */
export function createScanTable(rows: number): ScanTable {
  const memory = new SharedArrayBuffer(tableBytes(rows))
  return {
    block: new Uint8Array(memory),
    sizeBytes: new Float64Array(memory, 0, rows),
    modifiedMs: new Float64Array(memory, 8 * rows, rows),
    widths: new Uint32Array(memory, 16 * rows, rows),
    heights: new Uint32Array(memory, 20 * rows, rows),
    digests: new Uint8Array(memory, 24 * rows, digestBytes * rows),
    states: new Uint8Array(memory, (24 + digestBytes) * rows, rows),
  }
}

export const digestAt = ({ digests }: ScanTable, row: number): Uint8Array =>
  digests.subarray(digestBytes * row, digestBytes * (row + 1))
