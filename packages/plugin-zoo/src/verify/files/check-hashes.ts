import { open, stat } from 'node:fs/promises'
import { hashFile, reasonOf } from '@mnas/core/files'
import type { EntryFile } from '../../entry/entry-schema.js'
import { type CheckedClaim, judged } from '../claim.js'
import type { EntryFolder } from '../entry-folder.js'
import { verifyErrors } from '../errors.js'
import { pathIn } from './exports-of.js'

/** Each file by its length, its hash, and what it may not be. */
export async function checkHashes({ folder, entry }: EntryFolder, signal: AbortSignal): Promise<readonly CheckedClaim[]> {
  const rows: CheckedClaim[] = []
  for (const file of entry.files) {
    signal.throwIfAborted()
    rows.push(await checkFile(folder, file))
  }
  return rows
}

async function checkFile(folder: string, { path, sha256, sizeBytes, role }: EntryFile): Promise<CheckedClaim> {
  const about = { kind: 'files', claim: `file ${path}`, path, expected: `${sizeBytes} bytes, sha256 ${sha256}` } as const
  const place = pathIn(folder, path)
  try {
    const found = await stat(place)
    if (!found.isFile()) return judged(about, 'no file', false)
    if (isPickleName(path) || (role === 'weights' && (await looksPickled(place)))) {
      const { code, message } = verifyErrors.MNAS_ZOO_PICKLE({ path })
      return judged(about, `${code}: ${message}`, false)
    }
    // A longer file is not read to its end: its length is enough.
    const hash = found.size === sizeBytes ? await hashFile(place) : null
    return judged(about, hash === null ? `${found.size} bytes` : `${found.size} bytes, sha256 ${hash}`, hash === sha256)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    return judged(about, reasonOf(error), false)
  }
}

const isPickleName = (path: string): boolean => /\.(?:pkl|pickle|pt|pth|ckpt|joblib)$/i.test(path)

/** A pickle of protocol 2 or later, or an archive as PyTorch writes it. */
async function looksPickled(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(4), 0, 4, 0)
    if (bytesRead < 4) return false
    const [first, second] = buffer
    const pickled = first === 0x80 && second! >= 2 && second! <= 5
    return pickled || Buffer.from(buffer).toString('latin1') === 'PK\u0003\u0004'
  } finally {
    await file.close()
  }
}
