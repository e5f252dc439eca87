import type { AccuracyClaim, LatencyClaim } from '../../entry/claims.js'
import type { EntryFile, ZooEntry } from '../../entry/entry-schema.js'
import { frontMatter } from './front-matter.js'

/** What an entry says without its card, which is one of its files. */
export type DescribedEntry = Omit<ZooEntry, 'files'> & { readonly files: readonly EntryFile[] }

/** README.md of an entry: front matter, what its publisher says, and each claim with the command that made it. */
export function writeCard(entry: DescribedEntry): string {
  const { name, release, card, licence } = entry
  const sections = [
    `# ${name} ${release}`,
    plain(card.summary),
    `Get it with \`mnas zoo pull ${name}@${release}\`, check it with \`mnas zoo verify ${name}@${release}\`.`,
    ...paragraph('Intended use', card.intendedUse),
    ...paragraph('Limits', card.limits),
    ...paragraph('Risks', card.risks),
    ...accuracySection(entry),
    ...latencySection(entry),
    '## Licence',
    licenceText(licence),
  ]
  return `${frontMatter(entry)}${sections.join('\n\n')}\n`
}

const paragraph = (title: string, text: string) => (text === '' ? [] : [`## ${title}`, plain(text)])

function accuracySection({ accuracy, files }: DescribedEntry): readonly string[] {
  if (accuracy.length === 0) return []
  const rows = accuracy.map((claim) => [
    claim.basis,
    fileName(files, claim.file),
    `${claim.dataset.name}, ${claim.dataset.split}, ${claim.dataset.images} images`,
    metricsInWords(claim),
    madeBy(claim),
  ])
  return ['## Accuracy', table([['basis', 'file', 'on', 'metrics', 'by'], ...rows])]
}

function latencySection({ latency, files }: DescribedEntry): readonly string[] {
  if (latency.length === 0) return []
  const rows = latency.map((claim) => [
    claim.device.emulated ? `${claim.basis}, emulated` : claim.basis,
    fileName(files, claim.file),
    claim.device.model,
    timeInWords(claim),
    madeBy(claim),
  ])
  return ['## Latency', table([['basis', 'file', 'device', 'median', 'by'], ...rows])]
}

function metricsInWords({ metrics, interval95 }: AccuracyClaim): string {
  const [first, ...others] = Object.entries(metrics)
    .filter(([metric]) => metric !== 'count')
    .map(([metric, value]) => `${metric} ${value.toFixed(4)}`)
  const interval = interval95 ? ` (95 %: ${interval95.map((end) => end.toFixed(4)).join('–')})` : ''
  return [`${first ?? ''}${interval}`, ...others].join(', ')
}

function timeInWords({ ms, accelerator, threads, operator }: LatencyClaim): string {
  const how = [accelerator, `${threads} thread${threads === 1 ? '' : 's'}`]
  const without = operator?.timed === false ? [`without ${operator.name}`] : []
  return [`${ms.p50.toPrecision(3)} ms`, ...how, ...without].join(', ')
}

const madeBy = ({ command, source }: AccuracyClaim | LatencyClaim) => source ?? `\`${command ?? ''}\``

const fileName = (files: readonly EntryFile[], hash: string | null) =>
  hash === null ? 'the architecture' : (files.find(({ sha256 }) => sha256 === hash)?.path ?? hash.slice(0, 12))

function licenceText({ weights, code, data, relicensed }: ZooEntry['licence']): string {
  const ofData = data.map((one) => `\`${one.name}\` ${one.licence ?? one.terms ?? 'nobody says'}`)
  return [
    `Weights: ${weights}. Code: ${code}.${ofData.length > 0 ? ` Data: ${ofData.join(', ')}.` : ''}`,
    ...(relicensed === null ? [] : [`The weights that it began with are under another licence: ${plain(relicensed)}`]),
  ].join('\n\n')
}

function table(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => plain(cell).replaceAll('|', '\\|')).join(' | ')} |`
  const [head, ...body] = rows
  return [line(head!), `| ${head!.map(() => '---').join(' | ')} |`, ...body.map(line)].join('\n')
}

/** What people wrote, without HTML: cards are shown on pages. */
const plain = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
