import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { coreErrors } from '../../errors/index.js'
import { exists, jsonText, reasonOf, writeAtomic } from '../../files/index.js'
import { pluginErrors } from '../errors.js'

export interface DevicePackageRequest {
  /** What is to stand behind `--device`. */
  readonly name: string
  /** Names that other devices have. */
  readonly taken: readonly string[]
  /** Empty, or not there yet. */
  readonly folder: string
  /** Of mnas and all its packages. */
  readonly version: string
  /** A folder with the packed packages of mnas (`npm pack`), to be installed instead of those of the registry. */
  readonly packages?: string
}

/** A package that is built, linted and tested as it stands, under the name `rover`. */
const template = fileURLToPath(new URL('../../../templates/device', import.meta.url))
const templateName = /rover/g
const files = ['package.json', 'src/index.ts', 'test/conformance.test.ts', 'README.md'] as const

/**
 * Writes the package of a device, which times models on this computer until its author puts another shell in the place of the local one.
 * @returns the files, below the folder
 * @throws MNAS_DEVICE_NAME, MNAS_DEVICE_FOLDER, MNAS_FILE_MISSING, MNAS_FILE_WRITE
 */
export async function createDevicePackage(request: DevicePackageRequest): Promise<readonly string[]> {
  const { name, taken, folder, version, packages } = request
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || taken.includes(name))
    throw pluginErrors.MNAS_DEVICE_NAME({ received: name, taken })
  await requireEmpty(folder)
  const source = packages === undefined ? () => version : await tarballsIn(resolve(packages), version)
  for (const file of files) {
    const text = (await readFile(join(template, file), 'utf8')).replaceAll(templateName, name)
    await writeAtomic(join(folder, file), file === 'package.json' ? withSources(text, source) : text)
  }
  return files
}

async function requireEmpty(folder: string): Promise<void> {
  const [found] = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw coreErrors.MNAS_FILE_WRITE({ path: folder, reason: reasonOf(error) }, error)
  })
  if (found !== undefined) throw pluginErrors.MNAS_DEVICE_FOLDER({ folder, found })
}

/** Where a package of mnas comes from, as a package.json says it. */
type Source = (packageName: string) => string

function withSources(text: string, source: Source): string {
  const manifest = JSON.parse(text) as Readonly<Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>>
  const sourced = (wanted: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(wanted).map(([name, range]) => [name, name.startsWith('@mnas/') ? source(name) : range]))
  const { dependencies, devDependencies } = manifest
  return jsonText({ ...manifest, dependencies: sourced(dependencies), devDependencies: sourced(devDependencies) })
}

/** `@mnas/core` is packed as mnas-core-0.1.0.tgz. @throws MNAS_FILE_MISSING */
async function tarballsIn(folder: string, version: string): Promise<Source> {
  const pathOf = (packageName: string) => join(folder, `${packageName.replace('@mnas/', 'mnas-')}-${version}.tgz`)
  for (const path of ['@mnas/core', '@mnas/remote-device', '@mnas/tflite'].map(pathOf))
    if (!(await exists(path))) throw coreErrors.MNAS_FILE_MISSING({ path, what: 'packed package of mnas' })
  return (packageName) => `file:${pathOf(packageName)}`
}
