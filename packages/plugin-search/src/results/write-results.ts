import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { jsonText, writeAtomic } from '@mnas/core/files'
import { candidateId } from '../candidate-id.js'
import type { Proposing } from '../start/search.js'
import { winnerOf } from '../winner/winner-of.js'
import { architectureOf } from './search-results.js'

/** Keeps a run's readable results in step with its trials. */
export interface ResultsWriter {
  /**
   * `best.json`, which `mnas train RUN` reads, and `models/<id>.json` for the front and the best; writes what is not there yet. A
   * name says what is in its file.
   */
  update(): Promise<void>
}

export function resultsWriter({
  store,
  headline,
  postProcessing,
}: Pick<Proposing, 'store' | 'headline' | 'postProcessing'>): ResultsWriter {
  const models = join(store.folder, 'models')
  let writtenBest = Number.NaN
  return {
    async update() {
      const best = winnerOf(store)
      if (!best) return
      const kept = new Map([...store.front(), best].map(({ id, candidate }) => [`${candidateId(candidate)}.json`, id]))
      const there = new Set(await readdir(models).catch(() => []))
      for (const [name, trial] of kept)
        if (!there.has(name)) await writeAtomic(join(models, name), jsonText(architectureOf(store, trial)))
      for (const name of there) {
        // Folders are bundles that somebody trained into the run.
        if (name.endsWith('.json') && !kept.has(name)) await rm(join(models, name), { force: true })
      }
      if (writtenBest === best.id) return
      const architecture = architectureOf(store, best.id)
      const accuracy = best.outcome.estimate.metrics[headline.name] ?? 0
      const { latencyMs } = best.facts.latency
      const known = { version: 1, id: candidateId(best.candidate), architecture, accuracy, latencyMs }
      const text = jsonText({ ...known, ...(postProcessing && { postProcessing }) })
      await writeAtomic(join(store.folder, 'best.json'), text)
      writtenBest = best.id
    },
  }
}
