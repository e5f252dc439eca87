import { availableParallelism } from 'node:os'
import type { Hash, SkippedFile } from '@mnas/core/contracts'
import { type PathTable, pathAt, selectPaths } from '../listing/path-table.js'
import { fingerprintOf } from './fingerprint.js'
import { RunningScan, type RunningScanOptions } from './running-scan.js'
import { readScanCache, type SeenFiles, writeScanCache } from './scan-cache.js'

/** Usable images; widths and heights as the headers state them, before EXIF rotation. */
export interface Images {
  /** Relative to the data folder, with `/`. */
  readonly paths: PathTable
  readonly widths: Uint32Array
  readonly heights: Uint32Array
}

export interface Scan {
  readonly fingerprint: Hash
  readonly images: Images
  /** Of each image, its index among the files. */
  readonly usable: Uint32Array
  readonly skipped: readonly SkippedFile[]
}

export interface ScanOptions extends RunningScanOptions {
  /** Where earlier scans are remembered. */
  readonly cacheFolder: string
  /** How long this thread looks at files alone before it calls others. */
  readonly patienceMs?: number
}

/** Some thousand files of a warm disk: what is done by then does not pay for threads, which take 40 ms each to start. */
const defaultPatienceMs = 100
/** At least as many as a slow disk serves well, even where cores are few. */
const threads = Math.min(8, Math.max(4, availableParallelism()))

/**
 * Looks at both ends of every file: what it is, whether it can be used, and what identifies it. Only doubtful files are decoded.
 * @param paths relative to folder, in the order of paths
 */
export async function scanImages(folder: string, paths: PathTable, options: ScanOptions): Promise<Scan> {
  const { cacheFolder, patienceMs = defaultPatienceMs } = options
  const scannedMs = Date.now()
  const earlier = readScanCache(cacheFolder, folder)
  const scan = new RunningScan(folder, paths, earlier, options)
  await scan.inThisThread(patienceMs)
  await scan.inThreads(threads)
  await scan.inThisThread(Number.POSITIVE_INFINITY)
  await scan.settleDoubtful()
  const { seen } = scan
  const nothingNew = scan.read === 0 && earlier?.paths.ends.length === paths.ends.length
  const fingerprint = nothingNew ? earlier.fingerprint : fingerprintOf(seen.paths, seen.table)
  if (scan.read > 0) await writeScanCache(cacheFolder, folder, { ...seen, scannedMs, fingerprint })
  const usable = usableFiles(seen)
  return { fingerprint, images: usableImages(seen, usable), usable, skipped: skippedFiles(seen) }
}

function usableFiles({ paths, reasons }: SeenFiles): Uint32Array {
  const usable = new Uint32Array(paths.ends.length - reasons.size)
  let next = 0
  for (let index = 0; index < paths.ends.length; index++) if (!reasons.has(index)) usable[next++] = index
  return usable
}

/** Copies, so that nothing holds the table. */
function usableImages({ paths, table: { widths, heights }, reasons }: SeenFiles, usable: Uint32Array): Images {
  if (reasons.size === 0) return { paths, widths: widths.slice(), heights: heights.slice() }
  return {
    paths: selectPaths(paths, usable),
    widths: usable.map((index) => widths[index]!),
    heights: usable.map((index) => heights[index]!),
  }
}

function skippedFiles({ paths, reasons }: SeenFiles): readonly SkippedFile[] {
  const indices = [...reasons.keys()].sort((a, b) => a - b)
  return indices.map((index) => ({ file: pathAt(paths, index), reason: reasons.get(index)! }))
}
