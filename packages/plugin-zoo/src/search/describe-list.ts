import { formatSize } from '@mnas/core/config'
import { printable } from '@mnas/core/events'
import { formatTable } from '@mnas/core/text'
import type { EntrySummary } from '../catalogue/catalogue-schema.js'
import type { ListedZoo } from './list-zoos.js'

const header = ['NAME', 'RELEASE', 'TASK', 'NETWORK', 'PIXELS', 'SIZE', 'LICENCE', 'DATE', '']
const names = ['NAME', 'RELEASE', 'TASK', 'NETWORK', 'LICENCE', 'DATE', '']

/** For people. */
export function describeList(zoos: readonly ListedZoo[]): readonly string[] {
  if (zoos.length === 0) return ['No zoo is known here: name one with --zoo or the setting "zoos".']
  return zoos.flatMap(({ zoo, entries }, index) => [
    ...(index > 0 ? [''] : []),
    `${entries.length === 1 ? 'One entry' : `${entries.length} entries`} in ${printable(zoo)}`,
    ...(entries.length > 0 ? formatTable(header, entries.map(rowOf), names) : []),
  ])
}

function rowOf({ name, release, task, architectureName, inputSize, sizeBytes, licence, date, yanked }: EntrySummary) {
  const size = sizeBytes === null ? '' : formatSize(sizeBytes)
  return [
    name,
    release,
    task,
    architectureName,
    `${inputSize}`,
    size,
    licence,
    date,
    yanked === null ? '' : `withdrawn: ${yanked}`,
  ]
}
