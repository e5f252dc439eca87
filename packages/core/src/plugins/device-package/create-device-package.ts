import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { coreErrors } from '../../errors/index.js'
import { exists, reasonOf, writeAtomic } from '../../files/index.js'
import { pluginErrors } from '../errors.js'
import { conformanceTest } from './conformance-test.js'
import { devicePackageJson, type OwnPackages } from './device-package-json.js'
import { deviceReadme } from './device-readme.js'
import { deviceSource } from './device-source.js'

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
  const ours = packages === undefined ? {} : await tarballsIn(resolve(packages), version)
  const files = {
    'package.json': devicePackageJson(name, version, ours),
    'src/index.ts': deviceSource(name),
    'test/conformance.test.ts': conformanceTest(name),
    'README.md': deviceReadme(name),
  }
  for (const [file, text] of Object.entries(files)) await writeAtomic(join(folder, file), text)
  return Object.keys(files)
}

async function requireEmpty(folder: string): Promise<void> {
  const [found] = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw coreErrors.MNAS_FILE_WRITE({ path: folder, reason: reasonOf(error) }, error)
  })
  if (found !== undefined) throw pluginErrors.MNAS_DEVICE_FOLDER({ folder, found })
}

/** `@mnas/core` is packed as mnas-core-0.1.0.tgz. @throws MNAS_FILE_MISSING */
async function tarballsIn(folder: string, version: string): Promise<OwnPackages> {
  const paths = ['core', 'remote-device', 'tflite'].map((name) => [`@mnas/${name}`, join(folder, `mnas-${name}-${version}.tgz`)])
  for (const [, path = ''] of paths)
    if (!(await exists(path))) throw coreErrors.MNAS_FILE_MISSING({ path, what: 'packed package of mnas' })
  return Object.fromEntries(paths.map(([name, path]) => [name, `file:${path}`]))
}
