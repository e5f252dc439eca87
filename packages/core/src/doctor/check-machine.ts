import { readFile, rm, statfs } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { formatSize } from '../config/index.js'
import { writeAtomic } from '../files/index.js'
import { attempt, type Check } from './check.js'

/** @param range the root package's `engines.node`, `>=major.minor` */
export function checkNode(range: string | undefined, version: string = process.versions.node): Check {
  const [major = 0, minor = 0] = (range?.match(/\d+/g) ?? []).map(Number)
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number)
  const recent = ownMajor > major || (ownMajor === major && ownMinor >= minor)
  if (recent) return { name: 'Node', status: 'ok', detail: version }
  return {
    name: 'Node',
    status: 'failed',
    detail: `${version} is older than ${major}.${minor}`,
    fix: `install Node ${major}.${minor} or newer`,
  }
}

export function checkCacheFolder(folder: string): Promise<Check> {
  const fix = 'set another one with MNAS_CACHE_FOLDER or "cacheFolder" in mnas.config.json'
  return attempt('cache folder', fix, async () => {
    const probe = join(folder, `doctor-${process.pid}`)
    await writeAtomic(probe, 'written by mnas doctor')
    await rm(probe, { force: true })
    return folder
  })
}

/** Below it a checkpoint may not fit; below twice the cache's limit the cache cannot grow as it may. */
const fullBytes = 256 * 2 ** 20

export async function checkDisk(folder: string, cacheLimitBytes: number): Promise<Check> {
  const statistics = await statfs(folder).catch(() => null)
  if (statistics === null)
    return { name: 'disk', status: 'hint', detail: 'unknown: the cache folder cannot be read', fix: 'see "cache folder"' }
  const free = statistics.bavail * statistics.bsize
  const detail = `${formatSize(free)} free for the cache, which may take ${formatSize(cacheLimitBytes)}`
  if (free < fullBytes)
    return { name: 'disk', status: 'failed', detail, fix: 'free some space, or move the cache with MNAS_CACHE_FOLDER' }
  if (free < cacheLimitBytes)
    return { name: 'disk', status: 'hint', detail, fix: `set "cacheLimit" below it; images beyond are streamed` }
  return { name: 'disk', status: 'ok', detail }
}

/** Loads sharp as the package that brings it would, and encodes and decodes one picture. Null when no plug-in has it. */
export async function checkSharp(plugins: readonly { readonly root: string }[]): Promise<Check | null> {
  const owner = await findDependent(plugins, 'sharp')
  if (owner === null) return null
  return attempt('image library', 'reinstall with "npm ci" on this platform', async () => {
    const path = createRequire(join(owner, 'package.json')).resolve('sharp')
    const { default: sharp } = (await import(pathToFileURL(path).href)) as { default: SharpLike }
    const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: '#804020' } })
      .png()
      .toBuffer()
    const pixels = await sharp(png).raw().toBuffer()
    if (pixels[0] !== 0x80) throw new Error(`a pixel came back as ${pixels[0]}, expected 128`)
    return `sharp ${sharp.versions['sharp'] ?? ''} with libvips ${sharp.versions['vips'] ?? ''}`
  })
}

/** What is used of sharp: core does not depend on it. */
interface SharpLike {
  (input: object): { png(): Output; raw(): Output }
  readonly versions: Readonly<Record<string, string>>
}
interface Output {
  toBuffer(): Promise<Uint8Array>
}

/** The folder of a plug-in that names the package among its dependencies, or of a library that a plug-in depends on. */
async function findDependent(plugins: readonly { readonly root: string }[], dependency: string): Promise<string | null> {
  for (const { root } of plugins) {
    const own = await dependenciesOf(root)
    if (own.includes(dependency)) return root
    for (const name of own) {
      const library = folderOf(name, root)
      if (library !== null && (await dependenciesOf(library)).includes(dependency)) return library
    }
  }
  return null
}

async function dependenciesOf(folder: string): Promise<readonly string[]> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}')
  const { dependencies = {} } = JSON.parse(text) as { dependencies?: Record<string, string> }
  return Object.keys(dependencies)
}

/** Of a package as another one finds it; null when it gives its package.json to nobody. */
function folderOf(name: string, from: string): string | null {
  try {
    return dirname(createRequire(join(from, 'package.json')).resolve(`${name}/package.json`))
  } catch {
    return null
  }
}
