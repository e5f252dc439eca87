import { cp, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ZooStore } from '@mnas/core/contracts'
import { coreErrors, isMnasError } from '@mnas/core/errors'
import { reasonOf } from '@mnas/core/files'
import { type CopiedZoo, copyZoo } from './copy-zoo.js'
import { siteErrors } from './errors.js'
import { pageFiles } from './page-files.js'

/** What a site consists of: anything else in its folder is somebody's. */
const siteNames: ReadonlySet<string> = new Set([
  ...['index.html', 'icon.svg', 'licences.md', 'attestations.json', 'assets', 'litert'],
  ...['zoo.json.gz', 'index', 'entries', 'blobs'],
])

/**
 * The page of a zoo with the zoo's files beside it: a folder that any web server can serve, from any address. Laid again it is brought up to date.
 * @throws MNAS_ZOO_SITE_FOLDER, MNAS_ZOO_SITE_PAGE, MNAS_ZOO_NONE, MNAS_ZOO_DAMAGED, MNAS_FILE_WRITE and what reading a store throws
 */
export async function laySite(
  store: ZooStore,
  folder: string,
  signal: AbortSignal,
  onEntry?: (done: number, all: number) => void,
): Promise<CopiedZoo> {
  const page = pageFiles()
  const foreign = (await readdir(folder).catch(() => [])).find((name) => !siteNames.has(name))
  if (foreign !== undefined) throw siteErrors.MNAS_ZOO_SITE_FOLDER({ folder, received: foreign })
  try {
    await mkdir(folder, { recursive: true })
    const copied = await copyZoo(store, folder, signal, onEntry)
    for (const { name, path } of page.liteRt) await cp(path, join(folder, 'litert', name))
    // Code of an earlier version; index.html, which names the code, comes last.
    await rm(join(folder, 'assets'), { recursive: true, force: true })
    for (const name of ['assets', 'icon.svg', 'licences.md', 'index.html'])
      await cp(join(page.folder, name), join(folder, name), { recursive: true })
    return copied
  } catch (error) {
    signal.throwIfAborted()
    throw isMnasError(error) ? error : coreErrors.MNAS_FILE_WRITE({ path: folder, reason: reasonOf(error) }, error)
  }
}
