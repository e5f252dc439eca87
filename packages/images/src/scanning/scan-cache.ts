import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { endianness } from 'node:os'
import { join } from 'node:path'
import type { Hash } from '@mnas/core/contracts'
import { hashBytes, writeAtomic } from '@mnas/core/files'
import { emptyTable, type PathTable, pathReader, startOf } from '../listing/path-table.js'
import type { EarlierRows } from './scan-range.js'
import { createScanTable, fileStates, type ScanTable, tableBytes } from './scan-table.js'

/** What a scan saw, by the index of each file. */
export interface SeenFiles {
  readonly paths: PathTable
  readonly table: ScanTable
  /** Why a file is unreadable or unusable. */
  readonly reasons: ReadonlyMap<number, string>
}

/** What identifies a folder's files. */
export interface Fingerprints {
  /** Of the data set. */
  readonly fingerprint: Hash
  /** How many of the files it covers. */
  readonly identified: number
  /** Of all files. */
  readonly contents: Hash
}

/**
 * The last scan of a folder, in `<cache>/scans`: a file of the same path, size and modification time is not read again. The file is the memory
 * of the scan: the length of its header in 4 bytes, the header (JSON, filled up to a multiple of 8), the table, where each path ends, the
 * paths. ImageNet's is 130 MB.
 */
export interface EarlierScan extends SeenFiles, Fingerprints {
  readonly scannedMs: number
}

/** A change of what a scan says needs another number. */
const version = 3
/** A file written so shortly before its scan may change again without a new modification time (as git's index calls it: racy). */
const racyMs = 2000
const lengthBytes = 4

interface Header extends Fingerprints {
  readonly version: typeof version
  /** Byte order of the machine: the table is its memory. */
  readonly order: 'BE' | 'LE'
  readonly scannedMs: number
  readonly rows: number
  readonly pathBytes: number
  readonly reasons: readonly (readonly [index: number, reason: string])[]
}

const fileOf = (cacheFolder: string, folder: string) => join(cacheFolder, 'scans', `${hashBytes(folder).slice(0, 32)}.scan`)

/** A cache that is missing, damaged, of another version or another machine's byte order is none. */
export function readScanCache(cacheFolder: string, folder: string): EarlierScan | undefined {
  try {
    const file = openSync(fileOf(cacheFolder, folder), 'r')
    try {
      return parse(file)
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}

/** Remembers a scan for the next time. A cache folder that cannot be written costs only that time. */
export async function writeScanCache(cacheFolder: string, folder: string, scan: EarlierScan): Promise<void> {
  const { paths, table, reasons, scannedMs, fingerprint, identified, contents } = scan
  const [rows, pathBytes] = [paths.ends.length, paths.bytes.length]
  const fingerprints = { fingerprint, identified, contents }
  const known: Header = { version, order: endianness(), scannedMs, ...fingerprints, rows, pathBytes, reasons: [...reasons] }
  const json = Buffer.from(JSON.stringify(known))
  const header = Buffer.alloc(Math.ceil((lengthBytes + json.length) / 8) * 8, ' ')
  header.writeUInt32LE(header.length - lengthBytes)
  header.set(json, lengthBytes)
  const bytes = Buffer.concat([header, table.block, bytesOf(paths.ends), paths.bytes])
  await writeAtomic(fileOf(cacheFolder, folder), bytes).catch(() => undefined)
}

function parse(file: number): EarlierScan {
  const { size } = fstatSync(file)
  const headerEnd = lengthBytes + readExactly(file, Buffer.alloc(lengthBytes), 0).readUInt32LE()
  if (headerEnd > size) throw new Error('the file was cut short')
  const json = readExactly(file, Buffer.alloc(headerEnd - lengthBytes), lengthBytes)
  const { version: written, order, rows, pathBytes, reasons, ...known } = JSON.parse(json.toString('utf8')) as Header
  const endsAt = headerEnd + tableBytes(rows)
  const pathsAt = endsAt + Uint32Array.BYTES_PER_ELEMENT * rows
  if (written !== version || order !== endianness() || size !== pathsAt + pathBytes) throw new Error('not a scan of this version')
  const [table, paths] = [createScanTable(rows), emptyTable(pathBytes, rows)]
  readExactly(file, table.block, headerEnd)
  readExactly(file, bytesOf(paths.ends), endsAt)
  readExactly(file, paths.bytes, pathsAt)
  return { ...known, paths, table, reasons: new Map(reasons) }
}

function readExactly<T extends Uint8Array>(file: number, bytes: T, position: number): T {
  for (let filled = 0; filled < bytes.length; ) {
    const read = readSync(file, bytes, filled, bytes.length - filled, position + filled)
    if (read === 0) throw new Error('the file was cut short')
    filled += read
  }
  return bytes
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint32Array) => new Uint8Array(buffer, byteOffset, byteLength)

/** Which rows of an earlier scan may hold for the files of now. */
export function matchEarlier(paths: PathTable, { table, paths: then, scannedMs }: EarlierScan): EarlierRows {
  const rowOf = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * paths.ends.length))
  if (samePaths(paths, then)) for (let row = 0; row < rowOf.length; row++) rowOf[row] = row
  else findRows(paths, then, rowOf)
  const isTrusted = (row: number) => table.states[row]! >= fileStates.unusable && table.modifiedMs[row]! <= scannedMs - racyMs
  for (const [index, row] of rowOf.entries()) if (row >= 0 && !isTrusted(row)) rowOf[index] = -1
  return { table, rowOf }
}

const samePaths = (a: PathTable, b: PathTable) =>
  Buffer.compare(a.bytes, b.bytes) === 0 && Buffer.compare(bytesOf(a.ends), bytesOf(b.ends)) === 0

/** Both tables are in ascending order. */
function findRows(paths: PathTable, then: PathTable, rowOf: Int32Array): void {
  const compare = comparePaths(then, paths)
  let row = 0
  for (let index = 0; index < rowOf.length; index++) {
    let order = -1
    while (row < then.ends.length) {
      order = compare(row, index)
      if (order >= 0) break
      row++
    }
    rowOf[index] = order === 0 ? row : -1
  }
}

/** By code unit. Equal bytes, the common case, need no strings; the order of UTF-8 is another one. */
function comparePaths(a: PathTable, b: PathTable): (indexInA: number, indexInB: number) => number {
  const [bytesOfA, pathOfA, pathOfB] = [Buffer.from(a.bytes.buffer), pathReader(a), pathReader(b)]
  return (i, j) => {
    const [start, end] = [startOf(a.ends, i), a.ends[i]!]
    if (bytesOfA.compare(b.bytes, startOf(b.ends, j), b.ends[j], start, end) === 0) return 0
    const [one, other] = [pathOfA(i), pathOfB(j)]
    return one < other ? -1 : one > other ? 1 : 0
  }
}
