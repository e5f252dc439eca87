import { open } from 'node:fs/promises'
import { join } from 'node:path'

/** Front matter stands at the very beginning. */
const mostBytes = 64 * 1024

/** The licence in the front matter of a folder's README.md, as the hub writes it (`apache-2.0`); null where none is named. */
export async function licenceOfCard(folder: string): Promise<string | null> {
  const file = await open(join(folder, 'README.md'), 'r').catch(() => null)
  if (file === null) return null
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, 0)
    const [, matter = ''] = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---/.exec(buffer.toString('utf8', 0, bytesRead)) ?? []
    return /^license:[ \t]*["']?([\w.+-]{1,100})["']?[ \t]*\r?$/m.exec(matter)?.[1] ?? null
  } catch {
    return null
  } finally {
    await file.close()
  }
}
