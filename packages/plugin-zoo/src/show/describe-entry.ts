import { printable } from '@mnas/core/events'
import { formatTable } from '@mnas/core/text'
import type { AccuracyClaim, LatencyClaim } from '../entry/claims.js'
import type { ZooEntry } from '../entry/entry-schema.js'
import type { Attested } from './attested-of.js'

/**
 * An entry for people: what it is, what it claims with the commands that can be copied, its files. Strangers wrote it: no line of
 * it commands a terminal.
 */
export const describeEntry = (entry: ZooEntry, attested: readonly Attested[] = []): readonly string[] =>
  linesOf(entry, attested).map(printable)

function linesOf(entry: ZooEntry, attested: readonly Attested[]): readonly string[] {
  const { card, licence, files, accuracy, latency } = entry
  return [
    ...said(`${entry.name}@${entry.release}`, card.summary),
    [
      ...[entry.architectureName, entry.task, `${entry.inputSize} px`],
      ...[`${millions(entry.parameters)} parameters`, `${millions(entry.multiplyAdds)} multiply-adds`],
    ].join(', '),
    `weights ${licence.weights}, code ${licence.code}`,
    ...said('another licence than before', licence.relicensed ?? ''),
    ...said('for', card.intendedUse),
    ...said('limits', card.limits),
    ...said('risks', card.risks),
    ...accuracy.flatMap((claim) => ['', ...accuracyLines(entry, claim)]),
    ...latency.flatMap((claim) => ['', ...latencyLines(entry, claim)]),
    ...attested.flatMap((one) => ['', ...attestedLines(entry, one)]),
    '',
    ...formatTable(
      ['role', 'file', 'bytes', 'sha256'],
      files.map(({ role, path, sizeBytes, sha256 }) => [role, path, `${sizeBytes}`, sha256.slice(0, 12)]),
      ['file', 'sha256'],
    ),
  ]
}

/** Further lines of a text are indented: none of them looks like one of ours. */
const said = (title: string, text: string): readonly string[] =>
  text === ''
    ? []
    : `${title}: ${text.replaceAll('\t', '  ').trimEnd()}`.split('\n').map((line, at) => (at === 0 ? line : `  ${line}`))
const millions = (count: number) => `${(count / 1e6).toFixed(count < 1e7 ? 2 : 1)} M`

function attestedLines(entry: ZooEntry, { key, trusted, accuracy, latency }: Attested): readonly string[] {
  return [
    `signed with the key ${key.slice(0, 12)}, ${trusted ? 'which is trusted' : 'which nobody here trusts'} for it:`,
    ...[
      ...accuracy.flatMap((claim) => accuracyLines(entry, claim)),
      ...latency.flatMap((claim) => latencyLines(entry, claim)),
    ].map((line) => `  ${line}`),
  ]
}

function accuracyLines(entry: ZooEntry, claim: AccuracyClaim): readonly string[] {
  const { dataset, metrics, right, interval95, engine } = claim
  const values = Object.entries(metrics).filter(([name]) => name !== 'count')
  const [first] = values
  const interval = interval95 ? `, 95 %: ${interval95.map((end) => end.toFixed(4)).join('–')} (Wilson)` : ''
  const counted = right === null ? '' : `, ${right} of ${dataset.images} right`
  return [
    `${claim.basis} accuracy of ${fileName(entry, claim.file)} on ${dataset.name} (${dataset.split}, ${dataset.images} images)`,
    `  ${values.map(([name, value]) => `${name} ${value.toFixed(4)}`).join(', ')}`,
    ...(first && counted + interval !== '' ? [`  ${first[0]}${counted}${interval}`] : []),
    `  ${engine}, ${claim.date}, ${madeBy(claim)}`,
  ]
}

function latencyLines(entry: ZooEntry, claim: LatencyClaim): readonly string[] {
  const { device, runtime, accelerator, threads, ms, spread, runs, processes, operator } = claim
  const how = [`${runtime.name} ${runtime.version}`, accelerator, `${threads} thread${threads === 1 ? '' : 's'}`]
  const emulated = device.emulated ? ' (emulated: no hardware)' : ''
  const others = (['p90', 'p99', 'min'] as const).flatMap((name) => {
    const value = ms[name]
    return value === null ? [] : [`${name} ${value.toPrecision(3)}`]
  })
  const effort = [
    ...(runs === null ? [] : [`${runs} runs`]),
    ...(processes === null ? [] : [`${processes} processes`]),
    ...(spread === null ? [] : [`spread ${(100 * spread).toFixed(1)} %`]),
    ...(operator ? [operator.timed ? `with ${operator.name} on ${operator.photos} photos` : `without ${operator.name}`] : []),
  ]
  return [
    `${claim.basis} latency of ${fileName(entry, claim.file)} on ${device.model}${emulated}`,
    `  ${[`median ${ms.p50.toPrecision(3)} ms`, ...others, ...effort].join(', ')}`,
    `  ${[...how, claim.date, madeBy(claim)].join(', ')}`,
  ]
}

const madeBy = ({ command, source }: AccuracyClaim | LatencyClaim) => source ?? command ?? ''

export const fileName = ({ files }: Pick<ZooEntry, 'files'>, hash: string | null): string =>
  hash === null ? 'the architecture' : (files.find(({ sha256 }) => sha256 === hash)?.path ?? hash.slice(0, 12))
