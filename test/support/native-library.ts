import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { defaultCacheFolder } from '@mnas/core/config'

/** LiteRT's native library, where `mnas device setup host` has put it: `litert/VERSION/FILE`. Deeper lie those for boards. */
export function nativeLibrary(): string | undefined {
  const cache = join(defaultCacheFolder(), 'litert')
  if (!existsSync(cache)) return undefined
  const files = readdirSync(cache).flatMap((version) => readdirSync(join(cache, version)).map((file) => join(version, file)))
  return files.filter((file) => /\.(so|dylib|dll)$/.test(file)).map((file) => join(cache, file))[0]
}
