import type { Option, OptionValues } from '@mnas/core/contracts'

/** What every driver of a device far away can be told of how it measures. @param device what it is, in a word */
export const measuringOptions = (device: string): readonly Option[] => [
  { name: 'limit', summary: 'seconds that one process of a measurement may take (default 300)', kind: 'number' },
  { name: 'cool-down', summary: `seconds that a hot ${device} is waited for before a round (default 600)`, kind: 'number' },
  {
    name: 'anchor',
    summary: `time a known model before and after, to see whether the ${device} changed (default true)`,
    kind: 'flag',
  },
  {
    name: 'compare',
    summary: `compare the ${device}'s answers with this computer's, once for each file (default true)`,
    kind: 'flag',
  },
]

/** On which cores a benchmark runs. */
export const coresFlag: Option = { name: 'cores', summary: 'fastest (default), all, or a mask in hexadecimal', kind: 'text' }

export function numberOf(options: OptionValues, name: string, usual: number): number {
  const value = options[name]
  return typeof value === 'number' ? value : usual
}
