import { availableParallelism } from 'node:os'
import type { Hash, SkippedFile } from '@mnas/core/contracts'
import { type PathTable, pathAt, selectPaths } from '../listing/path-table.js'
import { fingerprintOf } from './fingerprint.js'
import { type Identities, identitiesOf } from './identities.js'
import { RunningScan, type RunningScanOptions } from './running-scan.js'
import { type Fingerprints, readScanCache, type SeenFiles, writeScanCache } from './scan-cache.js'

/** Usable images; widths and heights as the headers state them, before EXIF rotation. */
export interface Images {
  /** Relative to the data folder, with `/`. */
  readonly paths: PathTable
  readonly widths: Uint32Array
  readonly heights: Uint32Array
}

export interface Scan {
  /** What identifies the data set. */
  readonly fingerprint: Hash
  /** The same of all files, those apart among them: what a cache of their pixels is named after. */
  readonly contents: Hash
  readonly images: Images
  /** Of each image, its index among the files. */
  readonly usable: Uint32Array
  /** Of each image: equal for copies, whatever their names; from its size and both ends. */
  readonly identities: Identities
  readonly skipped: readonly SkippedFile[]
}

export interface ScanOptions extends RunningScanOptions {
  /** Where earlier scans are remembered. */
  readonly cacheFolder: string
  /** Files that do not belong to what identifies the data set (its test images), by index. */
  readonly isApart?: (index: number) => boolean
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
  const fingerprints = identify(seen, options.isApart, nothingNew ? earlier : undefined)
  if (scan.read > 0) await writeScanCache(cacheFolder, folder, { ...seen, scannedMs, ...fingerprints })
  const usable = usableFiles(seen)
  const identities = identitiesOf(seen.table, usable)
  const { fingerprint, contents } = fingerprints
  return { fingerprint, contents, images: usableImages(seen, usable), usable, identities, skipped: skippedFiles(seen) }
}

function identify({ paths, table }: SeenFiles, isApart: ScanOptions['isApart'], earlier: Fingerprints | undefined): Fingerprints {
  const contents = earlier?.contents ?? fingerprintOf(paths, table)
  const all = paths.ends.length
  const identified = isApart ? countWhere(all, (index) => !isApart(index)) : all
  if (earlier?.identified === identified) return earlier
  const fingerprint = identified === all ? contents : fingerprintOf(paths, table, isApart)
  return { fingerprint, contents, identified }
}

function countWhere(files: number, holds: (index: number) => boolean): number {
  let count = 0
  for (let index = 0; index < files; index++) if (holds(index)) count++
  return count
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
