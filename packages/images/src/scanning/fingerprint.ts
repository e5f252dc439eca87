import { createHash } from 'node:crypto'
import type { Hash } from '@mnas/core/contracts'
import { type PathTable, pathReader } from '../listing/path-table.js'
import { digestBytes, fileStates, type ScanTable } from './scan-table.js'

/** Lines handed to the hash at once: a call for each would take longer than the hashing. */
const linesAtOnce = 1000

/**
 * What identifies a data set: sha256 over (path, size, sha256 of the first and last 4 KiB) of every file found, in order. A copied folder
 * keeps it, whatever happens to times and owners; an added, removed, renamed or re-encoded image changes it.
 * @param isApart files to leave out, by index
 */
export function fingerprintOf(paths: PathTable, table: ScanTable, isApart: (index: number) => boolean = () => false): Hash {
  const hash = createHash('sha256').update('image-folder/1\n')
  const pathOf = pathReader(paths)
  const digests = Buffer.from(table.digests.buffer, table.digests.byteOffset, table.digests.byteLength)
  const identityOf = (index: number) => {
    if (table.states[index] === fileStates.unreadable) return 'unreadable'
    return `${table.sizeBytes[index]}\0${digests.toString('hex', digestBytes * index, digestBytes * (index + 1))}`
  }
  let lines = ''
  for (let index = 0; index < paths.ends.length; index++) {
    if (!isApart(index)) lines += `${pathOf(index).normalize('NFC')}\0${identityOf(index)}\n`
    if (index % linesAtOnce !== 0) continue
    hash.update(lines)
    lines = ''
  }
  return hash.update(lines).digest('hex')
}
