import type { z } from 'zod'
import type { settingsSchema } from './settings-schema.js'

/** What a command may be told once instead of every time. Defaults, meaning and limits: settings-schema.ts. */
export type Settings = Readonly<z.infer<typeof settingsSchema>>
export type SettingName = keyof Settings

/** What each setting is, for flags and `mnas config show`. Apart from the schema, so that a command file need not load zod to name its flags. */
export const settingSummaries: { readonly [K in SettingName]: string } = {
  cacheFolder: 'folder for decoded pixels, measurements and native libraries',
  cacheLimit: 'how much decoded pixels may occupy in the cache, e.g. 4GiB; beyond it images are streamed',
  engine: 'training engine',
  accelerator:
    "what a training computes on: auto, or one of the engine's (onnx: cpu, cuda, directml, webgpu; tfjs: tfjs-node, tfjs-cpu)",
  device: 'device to measure on, e.g. host or android:SERIAL',
  threads: 'threads of one training or inference step; 0 = all',
  workers: 'threads that decode images; 0 = none but the training process itself',
  progress: 'how progress is shown on stderr',
  zoos: 'zoos that models are looked for in, by name: team=https://example.org/zoo,mine=./zoo',
}
export const settingNames = Object.keys(settingSummaries) as readonly SettingName[]

export type Kebab<S extends string> = S extends `${infer First}${infer Rest}`
  ? First extends Lowercase<First>
    ? `${First}${Kebab<Rest>}`
    : `-${Lowercase<First>}${Kebab<Rest>}`
  : S

/** `cacheFolder` → `cache-folder` (`--cache-folder`). */
export function flagOf<K extends SettingName>(name: K): Kebab<K> {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) as Kebab<K>
}

/** `cacheFolder` → `MNAS_CACHE_FOLDER`. */
export function variableOf(name: SettingName): string {
  return `MNAS_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}
