import { Args, Flags } from '@oclif/core'
import { flagOf, type Kebab, type SettingName, settingSummaries } from '../config/settings.js'

/** `--time 30m` → milliseconds. */
export const durationFlag = Flags.custom<number>({
  helpValue: '<duration>',
  parse: async (text) => (await import('../config/units.js')).parseDuration(text),
})

/** `--max-drop .02`: a share, 0–1. */
export const fractionFlag = Flags.custom<number>({
  helpValue: '<0–1>',
  parse: async (text) => (await import('../config/units.js')).parseFraction(text),
})

/** `--max-size 4MiB` → bytes. */
export const bytesFlag = Flags.custom<number>({
  helpValue: '<size>',
  parse: async (text) => (await import('../config/units.js')).parseSize(text),
})

/** `--max-params 3M`: how many. */
export const countFlag = Flags.custom<number>({
  helpValue: '<number>',
  parse: async (text) => (await import('../config/units.js')).parseCount(text),
})

/** MODEL, as `resolveModel` of `@mnas/core/bundle` understands it. */
export const modelArgument = Args.custom<string>({
  description: 'MODEL: a bundle, a run, an architecture file, a name, or an entry of a zoo (zoo:me/photos@1.2)',
})

/** MODEL, or a file that a device runs. */
export const modelOrFileArgument = () =>
  modelArgument({
    required: true,
    description: 'MODEL (a bundle, a run, an architecture file or a name), or a model file (.tflite)',
  })

/** `--size 160`: pixels, 16 to 2048. */
export const sizeFlag = () =>
  Flags.integer({ summary: 'side of the input in pixels (default: that of the model)', helpValue: '<px>', min: 16, max: 2048 })

/** `--task-option classes=6`, of a network that is not trained yet. */
export const taskOptionFlag = () =>
  Flags.string({
    summary: 'an option of the task instead of the one that the architecture has, e.g. classes=6',
    helpValue: '<name=value>',
    multiple: true,
    default: [],
  })

/** `--data DIR` */
export const dataFlag = Flags.custom<string>({
  summary: 'folder of images: one folder per class, or train/ and val/ (however spelled), perhaps test/',
  helpValue: '<folder>',
})

/** `--class-folders leaf` */
export const classFoldersFlag = () =>
  Flags.option({
    summary: 'where folders of classes are nested: the first ones are the classes, or those that hold the images (default: top)',
    options: ['top', 'leaf'] as const,
  })()

/** `--out DIR`; by default of a model file. */
export const outFlag = Flags.custom<string>({
  summary: "folder for the file (default: the bundle's exports/, else ./exports)",
  helpValue: '<folder>',
})

/** `--option NAME=VALUE`, any number of them: what the device's driver can be told. */
export const deviceOptionsFlag = () =>
  Flags.string({
    summary: 'an option of the device ("mnas device describe" lists them)',
    helpValue: '<name=value>',
    multiple: true,
    default: [],
  })

/** Of commands that look at a model on a device: what it runs with there. */
export const onDeviceFlags = () => ({
  threads: Flags.integer({ summary: 'threads of the runtime', default: 1, min: 1, max: 64 }),
  option: deviceOptionsFlag(),
  ...settingFlags('device', 'cacheFolder'),
})

/** Of commands that time models: how often. */
export const timingFlags = () => ({
  runs: Flags.integer({ summary: 'timed runs in each process', default: 50, min: 1, max: 10_000 }),
  processes: Flags.integer({ summary: 'fresh processes', default: 3, min: 1, max: 100 }),
})

/** `--export-option NAME=VALUE`, any number of them: what the exporter of the format can be told. */
export const exportOptionsFlag = () =>
  Flags.string({ summary: 'an option of the exporter', helpValue: '<name=value>', multiple: true, default: [] })

/** How a deployed model makes its answers, of tasks that can be told: `Task.deployment`. */
export const deploymentFlags = () => ({
  postprocess: Flags.option({
    summary: 'op: the file gives detections; none: what the network says of each anchor (default: op); for tasks that have it',
    options: ['op', 'none'] as const,
  })(),
  nms: Flags.option({
    summary: 'regular: each class by itself; fast: the best class of each anchor alone, for less time (default: regular)',
    options: ['regular', 'fast'] as const,
  })(),
  threshold: fractionFlag({
    summary:
      'least score of what the file gives (default: .05); the lower, the slower: below .01 as much time again as the network',
  }),
  'max-detections': Flags.integer({ summary: 'the file gives so many at the most (default: 100)', helpValue: '<n>', min: 1 }),
})

/** What was said of them, as `Task.deployment` calls it. */
export function deploymentOptions(flags: {
  readonly postprocess?: 'op' | 'none' | undefined
  readonly nms?: 'regular' | 'fast' | undefined
  readonly threshold?: number | undefined
  readonly 'max-detections'?: number | undefined
}): Readonly<Record<string, string | number>> {
  const { postprocess, nms, threshold, 'max-detections': maxDetections } = flags
  const said = Object.entries({ postprocess, nms, threshold, maxDetections })
  return Object.fromEntries(said.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

export const randomWeightsFlag = () => Flags.boolean({ summary: 'give random weights to a model that has no trained ones' })

type SettingFlags<K extends SettingName> = { readonly [N in K as Kebab<N>]: ReturnType<typeof settingFlag> }

function settingFlag(name: SettingName) {
  return Flags.string({ summary: settingSummaries[name], helpGroup: 'SETTINGS', helpValue: '<value>' })
}

/**
 * Flags that override settings for one command: `static flags = {...settingFlags('device', 'threads')}`; `await this.settings(flags)` then
 * reads, checks and types them.
 */
export function settingFlags<const K extends readonly SettingName[]>(...names: K): SettingFlags<K[number]> {
  return Object.fromEntries(names.map((name) => [flagOf(name), settingFlag(name)])) as unknown as SettingFlags<K[number]>
}
