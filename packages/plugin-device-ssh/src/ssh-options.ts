import type { Option, OptionValues } from '@mnas/core/contracts'
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
  { name: 'limit', summary: 'seconds that one process of a measurement may take (default 300)', kind: 'number' },
  { name: 'cool-down', summary: 'seconds that a hot board is waited for before a round (default 600)', kind: 'number' },
  {
    name: 'anchor',
    summary: 'time a known model before and after, to see whether the board changed (default true)',
    kind: 'flag',
  },
  {
    name: 'compare',
    summary: "compare the board's answers with this computer's, once for each file (default true)",
    kind: 'flag',
  },
]

export const benchmarkFlags: readonly Option[] = [
  { name: 'cores', summary: 'fastest (default), all, or a mask in hexadecimal', kind: 'text' },
]

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

export function numberOf(options: OptionValues, name: string, usual: number): number {
  const value = options[name]
  return typeof value === 'number' ? value : usual
}
