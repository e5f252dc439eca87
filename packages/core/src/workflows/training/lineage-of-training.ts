import { rm } from 'node:fs/promises'
import { isBundle, type ModelBundle, type RunFront, readBundle, readRunFront, runFrontPath } from '../../bundle/index.js'
import type { JsonObject } from '../../contracts/index.js'
import { writeAtomic } from '../../files/index.js'
import type { TrainRequest } from './train-request.js'

/** What came before a training. */
export interface TrainingLineage {
  /** For the bundle: `parent`, the model that it began with; `search`, what found the network. */
  readonly provenance: JsonObject
  /** The front of that search, word for word; null: there was none. */
  readonly front: string | null
}

/**
 * Where a training's network and its first weights come from; what was written down at its end once stays, though the run went
 * on.
 */
export async function lineageOfTraining({
  out,
  run,
  start,
}: Pick<TrainRequest, 'out' | 'run' | 'start'>): Promise<TrainingLineage> {
  const parent = start && parentOf(start.model.bundle, start.kind)
  const found = run
    ? ((await searchIn(out, run.candidate)) ?? (await searchOf(run.folder, run.candidate)))
    : start && (await searchOf(start.model.folder, candidateOf(start.model.bundle)))
  return { provenance: { ...(parent && { parent }), ...(found && { search: found.search }) }, front: found?.front ?? null }
}

/** Beside a bundle, before its model.json. @throws MNAS_FILE_WRITE */
export async function keepFront(out: string, front: string | null): Promise<void> {
  if (front === null) await rm(runFrontPath(out), { force: true })
  else await writeAtomic(runFrontPath(out), front)
}

/**
 * From where else a bundle came, or what it began with itself: who publishes its child has to know the licence of the first
 * weights.
 */
function parentOf({ name, provenance }: ModelBundle, kind: 'init' | 'continue'): JsonObject | null {
  const { zoo, import: imported, parent } = provenance
  if (kind === 'continue' && zoo === undefined) return isObject(parent) ? parent : null
  const origin = zoo ? { zoo } : imported ? { import: imported } : parent ? { parent } : {}
  return { name, ...origin }
}

async function searchIn(out: string, candidate: string) {
  if (!(await isBundle(out))) return null
  return candidateOf(await readBundle(out)) === candidate ? searchOf(out, candidate) : null
}

async function searchOf(folder: string, candidate: string | null) {
  const found = candidate === null ? null : await readRunFront(folder)
  return found && { search: { ...factsOf(found.front), candidate }, front: found.text }
}

function factsOf({ version: _, candidates: __, ...facts }: RunFront): JsonObject {
  return facts
}

function candidateOf({ provenance: { search } }: ModelBundle): string | null {
  const candidate = isObject(search) ? search['candidate'] : null
  return typeof candidate === 'string' ? candidate : null
}

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)
