import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRegistry, discoverManifests, type Registry } from '@mnas/core/plugins'

const folders = [
  ...['core', 'engine-onnx', 'engine-tfjs', 'tflite', 'plugin-classification', 'plugin-device-host', 'plugin-device-android'],
  ...['plugin-device-ssh', 'plugin-search'],
]

/** The registry that the program has, without oclif. @param besides packages that few tests need */
export function workspaceRegistry(besides: readonly string[] = []): Registry {
  const plugins = [...folders, ...besides].map((folder) => {
    const path = fileURLToPath(new URL(`../../packages/${folder}/package.json`, import.meta.url))
    const pjson = JSON.parse(readFileSync(path, 'utf8')) as { readonly name: string }
    return { name: pjson.name, root: dirname(path), pjson }
  })
  return createRegistry(discoverManifests(plugins))
}
