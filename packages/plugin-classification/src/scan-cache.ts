import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashBytes, writeAtomic } from '@mnas/core/files'
import type { FoundFile } from './list-images.js'
import type { ScannedFile } from './scan-images.js'

/**
 * What the last scan of a folder saw, in `<cache>/scans`: a file of the same path, size and modification time is not read again. Columns, not
 * records: ImageNet's 1.28 million rows are 130 MB and are read in a second.
 */
export interface ScanRow {
  readonly sizeBytes: number
  readonly modifiedMs: number
  readonly file: ScannedFile
}

/** A change of what a scan says needs another number. */
const version = 1
/** A file written so shortly before its scan may change again without a new modification time (as git's index calls it: racy). */
const racyMs = 2000
const digestBytes = 32

interface Header {
  readonly version: typeof version
  readonly scannedMs: number
  readonly rows: number
  readonly pathBytes: number
  /** Why a row's image cannot be used, by row. */
  readonly unusable: Readonly<Record<number, string>>
}

/** Rows of an earlier scan, asked in ascending order of paths. */
export interface EarlierScan {
  find(path: string): ScanRow | undefined
}

const fileOf = (cacheFolder: string, folder: string) => join(cacheFolder, 'scans', `${hashBytes(folder).slice(0, 32)}.scan`)

/** A cache that is missing, of another version or damaged is none. */
export async function readScanCache(cacheFolder: string, folder: string): Promise<EarlierScan> {
  try {
    return parse(await readFile(fileOf(cacheFolder, folder)))
  } catch {
    return { find: () => undefined }
  }
}

/**
 * Remembers a scan for the next time. A cache folder that cannot be written costs only that time.
 * @param rows of `files`, in their order; undefined = could not be read
 */
export async function writeScanCache(
  cacheFolder: string,
  folder: string,
  files: readonly FoundFile[],
  rows: readonly (ScanRow | undefined)[],
  scannedMs: number,
): Promise<void> {
  const kept = rows.flatMap((row, index) => (row ? [{ row, path: files[index]!.path }] : []))
  const paths = Buffer.from(kept.map(({ path }) => path).join('\0'))
  const unusable = Object.fromEntries(
    kept.flatMap(({ row: { file } }, index) => (file.header.usable ? [] : [[index, file.header.reason] as const])),
  )
  const header = Buffer.from(
    JSON.stringify({ version, scannedMs, rows: kept.length, pathBytes: paths.length, unusable } satisfies Header),
  )
  const length = Buffer.alloc(4)
  length.writeUInt32LE(header.length)
  const numbers = Buffer.alloc(kept.length * rowBytes)
  for (const [index, { row }] of kept.entries()) writeRow(numbers, index * rowBytes, row)
  await writeAtomic(fileOf(cacheFolder, folder), Buffer.concat([length, header, paths, numbers])).catch(() => undefined)
}

/** size, time: float64; width, height: uint32 (0 = unusable); complete: uint8; then the digest. */
const rowBytes = 8 + 8 + 4 + 4 + 1 + digestBytes

function writeRow(numbers: Buffer, at: number, { sizeBytes, modifiedMs, file: { digest, header } }: ScanRow): void {
  numbers.writeDoubleLE(sizeBytes, at)
  numbers.writeDoubleLE(modifiedMs, at + 8)
  numbers.writeUInt32LE(header.usable ? header.width : 0, at + 16)
  numbers.writeUInt32LE(header.usable ? header.height : 0, at + 20)
  numbers.writeUInt8(header.usable && header.complete ? 1 : 0, at + 24)
  numbers.write(digest, at + 25, digestBytes, 'hex')
}

function parse(bytes: Buffer): EarlierScan {
  const headerEnd = 4 + bytes.readUInt32LE(0)
  const header = JSON.parse(bytes.toString('utf8', 4, headerEnd)) as Header
  const pathEnd = headerEnd + header.pathBytes
  if (header.version !== version || bytes.length !== pathEnd + header.rows * rowBytes)
    throw new Error('not a scan of this version')
  const paths = header.rows === 0 ? [] : bytes.toString('utf8', headerEnd, pathEnd).split('\0')
  const rowAt = (index: number): ScanRow | undefined => {
    const at = pathEnd + index * rowBytes
    const modifiedMs = bytes.readDoubleLE(at + 8)
    if (modifiedMs > header.scannedMs - racyMs) return undefined
    const [width, height] = [bytes.readUInt32LE(at + 16), bytes.readUInt32LE(at + 20)]
    const reason = header.unusable[index]
    const digest = bytes.toString('hex', at + 25, at + 25 + digestBytes)
    const usable = { usable: true, width, height, complete: bytes.readUInt8(at + 24) === 1 } as const
    const fileHeader = reason === undefined ? usable : ({ usable: false, reason } as const)
    return { sizeBytes: bytes.readDoubleLE(at), modifiedMs, file: { digest, header: fileHeader } }
  }
  let next = 0
  return {
    find(path) {
      while (next < paths.length && paths[next]! < path) next++
      return paths[next] === path ? rowAt(next) : undefined
    },
  }
}
