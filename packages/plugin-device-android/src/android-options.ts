import type { Option, OptionValues } from '@mnas/core/contracts'
import { coresFlag, measuringOptions, units } from '@mnas/remote-device'
import type { AdbOptions } from './adb/adb.js'

export const adbOptions: readonly Option[] = [
  { name: 'adb', summary: 'the program adb, instead of MNAS_ADB or the one of the path', kind: 'path' },
  { name: 'adb-port', summary: 'of the server of adb, instead of ANDROID_ADB_SERVER_PORT or 5037', kind: 'number' },
]

export const deviceOptions: readonly Option[] = [
  ...adbOptions,
  { name: 'benchmark-model', summary: 'a benchmark_model, instead of the one that was set up', kind: 'path' },
  ...measuringOptions('phone'),
]

export const benchmarkFlags: readonly Option[] = [
  { name: 'delegate', summary: 'what the model runs on, whole (default cpu)', kind: 'text', choices: units },
  coresFlag,
]

export function adbOptionsOf(options: OptionValues): AdbOptions {
  const { adb, 'adb-port': port } = options
  return { ...(typeof adb === 'string' && { adb }), ...(typeof port === 'number' && { port }) }
}
