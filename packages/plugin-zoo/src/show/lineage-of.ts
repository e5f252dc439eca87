import { parseRunFront, type RunFront } from '@mnas/core/bundle'
import { isMnasError } from '@mnas/core/errors'
import { printable } from '@mnas/core/events'
import { formatTable } from '@mnas/core/text'
import type { ZooEntry } from '../entry/entry-schema.js'
import type { EntryFinder, FoundEntry } from './find-entry.js'

/** An entry's place in a line of entries. */
export interface LineageStep {
  /** `owner/name@release`, or the name of a model that no zoo here knows. */
  readonly name: string
  /** null: it is not known. */
  readonly digest: string | null
  /** null: it is in none of the zoos that were asked. */
  readonly lineage: ZooEntry['lineage'] | null
}

export interface EntryLineage {
  /** The oldest first, the entry itself last. */
  readonly steps: readonly LineageStep[]
  /** What the search found that the entry comes from; null: none did. */
  readonly front: RunFront | null
}

/** So long a line is none that anybody made. */
const longest = 32

/**
 * Where an entry comes from, as far back as the zoos know. Its own front has to be there, of parents it is enough to know the
 * name.
 */
export async function lineageOf(found: FoundEntry, finder: Pick<EntryFinder, 'find'>): Promise<EntryLineage> {
  const steps: LineageStep[] = []
  for (let step: LineageStep | null = stepOf(found); step && steps.length < longest; step = await parentOf(step, finder))
    steps.unshift(step)
  return { steps, front: await frontOf(found) }
}

const stepOf = ({ entry, digest }: FoundEntry): LineageStep => ({
  name: `${entry.name}@${entry.release}`,
  digest,
  lineage: entry.lineage,
})

async function parentOf({ lineage }: LineageStep, finder: Pick<EntryFinder, 'find'>): Promise<LineageStep | null> {
  const parent = lineage && lineage.kind !== 'published' ? lineage.parent : null
  if (!parent) return null
  const unknown = { name: parent.name, digest: parent.digest, lineage: null }
  if (parent.digest === null || parent.name.startsWith('hf:')) return unknown
  try {
    return stepOf(await finder.find(`zoo:${parent.name}@sha256:${parent.digest}`))
  } catch (error) {
    // A parent may lie in a zoo of somebody else.
    if (isMnasError(error) && error.code === 'MNAS_ZOO_ENTRY_UNKNOWN') return unknown
    throw error
  }
}

async function frontOf({ entry, read }: FoundEntry): Promise<RunFront | null> {
  const search = entry.lineage.kind === 'training' ? entry.lineage.search : null
  const file = search && entry.files.find(({ sha256 }) => sha256 === search.front)
  return file ? parseRunFront(new TextDecoder().decode(await read(file)), file.path) : null
}

/** For people: parent → training → search → front, with the candidate marked. */
export function describeLineage({ steps, front }: EntryLineage): readonly string[] {
  const lines = steps.flatMap((step, index) => {
    const isEntry = index === steps.length - 1
    const digest = step.digest === null ? '' : ` (sha256 ${step.digest.slice(0, 12)})`
    return [
      `${isEntry ? 'entry' : 'parent'}     ${step.name}${digest}`,
      ...(step.lineage ? originLines(step.lineage) : ['           in none of the zoos that were asked']),
      ...(isEntry && front ? frontLines(step, front) : []),
    ]
  })
  return lines.map(printable)
}

function originLines(lineage: ZooEntry['lineage']): readonly string[] {
  switch (lineage.kind) {
    case 'published':
      return [`published  ${lineage.paper}, ${lineage.table}, ${lineage.url}`]
    case 'imported': {
      const { from, file, sha256, url } = lineage
      return [
        `imported   ${[`from ${from}: ${file} (sha256 ${sha256.slice(0, 12)})`, ...(url === null ? [] : [url])].join(', ')}`,
      ]
    }
    case 'training': {
      const { recipe, seed, data, job, search } = lineage
      const training = `training   ${recipe}, seed ${seed}, images ${data.slice(0, 12)}, job ${job.slice(0, 12)}`
      return search ? [training, searchLine(search)] : [training]
    }
    default:
      return lineage satisfies never
  }
}

type Search = NonNullable<Extract<ZooEntry['lineage'], { readonly kind: 'training' }>['search']>

function searchLine({ run, space, strategy, objective, targetMs, trained, trials, seed }: Search): string {
  const parts = [
    ...[`space ${space}`, `strategy ${strategy}`, `objective ${objective}`],
    targetMs === null ? 'no target' : `target ${targetMs} ms`,
    ...[`${trained} of ${trials} trained`, `seed ${seed}`],
  ]
  return `search     run ${run.slice(0, 12)}: ${parts.join(', ')}`
}

function frontLines({ lineage }: LineageStep, { metric, device, candidates }: RunFront): readonly string[] {
  const chosen = lineage?.kind === 'training' ? lineage.search?.candidate : undefined
  const rows = candidates.map(({ id, accuracy, latencyMs, parameters, macs }) => [
    id === chosen ? '*' : '',
    id,
    accuracy.toFixed(4),
    `${latencyMs.toPrecision(3)} ms`,
    `${(parameters / 1e6).toFixed(2)} M`,
    `${(macs / 1e6).toFixed(1)} M`,
  ])
  const table = formatTable(['', 'candidate', metric, `on ${device}`, 'parameters', 'multiply-adds'], rows, ['', 'candidate'])
  return [`front      of ${candidates.length}, * is this network`, ...table.map((line) => `  ${line}`)]
}
