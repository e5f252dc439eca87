import { zipSync } from 'fflate'

/** The first moment that an archive can tell, so that the same files are the same bytes. */
const archiveTime = new Date(1980, 0, 1)

/** Sizes and places in the records of an archive (PKWARE's APPNOTE, §4.3.12 and §4.3.16). */
const endRecord = { length: 22, entries: 10, directory: 16 } as const
const directoryEntry = { length: 46, nameLength: 28, extraLength: 30, commentLength: 32, localHeader: 42 } as const

/**
 * Model files carry others as an archive behind their own bytes: runtimes ignore it, and readers of archives look from the end. Stored, not
 * compressed, because readers map the file into memory. The archive counts its places from the beginning of the whole file.
 */
export function appendFiles(model: Uint8Array, files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  if (Object.keys(files).length === 0) return model
  const archive = zipSync(files, { level: 0, mtime: archiveTime })
  shiftPlaces(archive, model.length)
  const whole = new Uint8Array(model.length + archive.length)
  whole.set(model)
  whole.set(archive, model.length)
  return whole
}

function shiftPlaces(archive: Uint8Array, by: number): void {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength)
  const shift = (at: number) => view.setUint32(at, view.getUint32(at, true) + by, true)
  const end = archive.length - endRecord.length
  let entry = view.getUint32(end + endRecord.directory, true)
  shift(end + endRecord.directory)
  for (let left = view.getUint16(end + endRecord.entries, true); left > 0; left--) {
    shift(entry + directoryEntry.localHeader)
    const { nameLength, extraLength, commentLength } = directoryEntry
    const variable = [nameLength, extraLength, commentLength].map((field) => view.getUint16(entry + field, true))
    entry += variable.reduce((sum, length) => sum + length, directoryEntry.length)
  }
}
