import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeAtomic } from '@mnas/core/files'
import { bestOf, type Candidate, frontOf } from './search-results.js'

const modelsFolder = 'models'

/**
 * `best.json`, which `mnas train RUN` reads, and `models/<id>.json` for the front and the best: always those of the trials recorded so far.
 */
export async function writeResults(folder: string, candidates: readonly Candidate[]): Promise<void> {
  const best = bestOf(candidates)
  if (!best) return
  const kept = new Map([...frontOf(candidates), best].map((candidate) => [`${candidate.id}.json`, candidate.architecture]))
  for (const [name, architecture] of kept) await writeAtomic(join(folder, modelsFolder, name), asText(architecture))
  for (const name of await readdir(join(folder, modelsFolder))) {
    // Folders are bundles that somebody trained into the run.
    if (name.endsWith('.json') && !kept.has(name)) await rm(join(folder, modelsFolder, name), { force: true })
  }
  const { id, architecture, accuracy, latencyMs } = best
  await writeAtomic(join(folder, 'best.json'), asText({ version: 1, id, architecture, accuracy, latencyMs }))
}

const asText = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
