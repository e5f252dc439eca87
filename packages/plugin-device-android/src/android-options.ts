import type { Option, OptionValues } from '@mnas/core/contracts'
import { units } from '@mnas/remote-device'
import type { AdbOptions } from './adb/adb.js'

export const adbOptions: readonly Option[] = [
  { name: 'adb', summary: 'the program adb, instead of MNAS_ADB or the one of the path', kind: 'path' },
  { name: 'adb-port', summary: 'of the server of adb, instead of ANDROID_ADB_SERVER_PORT or 5037', kind: 'number' },
]

export const deviceOptions: readonly Option[] = [
  ...adbOptions,
  { name: 'benchmark-model', summary: 'a benchmark_model, instead of the one that was set up', kind: 'path' },
  { name: 'limit', summary: 'seconds that one process of a measurement may take (default 300)', kind: 'number' },
  { name: 'cool-down', summary: 'seconds that a hot phone is waited for before a round (default 600)', kind: 'number' },
  {
    name: 'anchor',
    summary: 'time a known model before and after, to see whether the phone changed (default true)',
    kind: 'flag',
  },
  {
    name: 'compare',
    summary: "compare the phone's answers with this computer's, once for each file (default true)",
    kind: 'flag',
  },
]

export const benchmarkFlags: readonly Option[] = [
  { name: 'delegate', summary: 'what the model runs on, whole (default cpu)', kind: 'text', choices: units },
  { name: 'cores', summary: 'fastest (default), all, or a mask in hexadecimal', kind: 'text' },
]

export function adbOptionsOf(options: OptionValues): AdbOptions {
  const { adb, 'adb-port': port } = options
  return { ...(typeof adb === 'string' && { adb }), ...(typeof port === 'number' && { port }) }
}

export function numberOf(options: OptionValues, name: string, usual: number): number {
  const value = options[name]
  return typeof value === 'number' ? value : usual
}
