import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { hashBytes } from '@mnas/core/files'
import type { ZooEntry } from '@mnas/plugin-zoo'

/** A copy of an entry out of a zoo's folder, with its files at their paths, so that a test may falsify it. Its signature stays behind. */
export async function unpackEntry(zoo: string, name: string, release: string, to: string): Promise<ZooEntry> {
  const bytes = await readFile(join(zoo, 'entries', name, release, 'entry.json'))
  const entry = JSON.parse(bytes.toString()) as ZooEntry
  for (const { path, sha256 } of entry.files) {
    await mkdir(dirname(join(to, path)), { recursive: true })
    await copyFile(join(zoo, 'blobs', sha256.slice(0, 2), sha256), join(to, path))
  }
  await writeFile(join(to, 'entry.json'), bytes)
  return entry
}

/** What stands in JSON, to be changed. */
export type Changeable<T> = { -readonly [K in keyof T]: T[K] extends object ? Changeable<T[K]> : T[K] }

export async function changeEntry(folder: string, change: (entry: Changeable<ZooEntry>) => void): Promise<void> {
  const path = join(folder, 'entry.json')
  const entry = JSON.parse(await readFile(path, 'utf8')) as Changeable<ZooEntry>
  change(entry)
  await writeFile(path, JSON.stringify(entry))
}

/** Other bytes in a file, and an entry that names them: what somebody does who falsifies a model with care. */
export async function changeFile(folder: string, path: string, change: (bytes: Buffer) => Uint8Array): Promise<void> {
  const changed = change(await readFile(join(folder, path)))
  await writeFile(join(folder, path), changed)
  await changeEntry(folder, ({ files, accuracy, latency }) => {
    const file = files.find((one) => one.path === path)!
    const before = file.sha256
    Object.assign(file, { sha256: hashBytes(changed), sizeBytes: changed.length })
    for (const claim of [...accuracy, ...latency]) if (claim.file === before) claim.file = file.sha256
  })
}
