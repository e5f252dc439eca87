import type { Option, OptionValues } from '@mnas/core/contracts'
import { coresFlag, measuringOptions } from '@mnas/remote-device'
import type { SshOptions } from './ssh/ssh-client.js'

/** How a board is reached. */
export const reachOptions: readonly Option[] = [
  { name: 'ssh', summary: "OpenSSH's client, instead of the ssh of the path", kind: 'path' },
  { name: 'config', summary: "a file of settings for ssh, instead of this user's", kind: 'path' },
  { name: 'port', summary: 'of the board, instead of what the settings of ssh say', kind: 'number' },
]

export const deviceOptions: readonly Option[] = [
  ...reachOptions,
  { name: 'library', summary: 'a library of LiteRT for the board, instead of the one that was set up', kind: 'path' },
  { name: 'benchmark-model', summary: "a benchmark_model for the board, instead of LiteRT's library", kind: 'path' },
  { name: 'python', summary: 'the Python of the board (default python3)', kind: 'text' },
  { name: 'folder', summary: "a folder of the board for mnas alone (default .cache/mnas in the user's home)", kind: 'text' },
  ...measuringOptions('board'),
]

export const benchmarkFlags: readonly Option[] = [coresFlag]

export function sshOptionsOf({ ssh, config, port }: OptionValues): SshOptions {
  return {
    ...(typeof ssh === 'string' && { program: ssh }),
    ...(typeof config === 'string' && { config }),
    ...(typeof port === 'number' && { port }),
  }
}

export function textOf(options: OptionValues, name: string): string | null {
  const value = options[name]
  return typeof value === 'string' && value !== '' ? value : null
}
