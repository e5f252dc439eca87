import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { runFrontPath } from '@mnas/core/bundle'
import { jsonText, writeAtomic } from '@mnas/core/files'
import { candidateId } from '../candidate-id.js'
import type { Proposing, Start } from '../start/search.js'
import { winnerOf } from '../winner/winner-of.js'
import { frontText } from './front-text.js'
import { architectureOf } from './search-results.js'

/** Keeps a run's readable results in step with its trials. */
export interface ResultsWriter {
  /**
   * `best.json`, which `mnas train RUN` reads, `models/<id>.json` for the front and the best, and `front.json`, which goes with a
   * bundle that is trained of the run; writes what is not there yet, and nothing as long as front and best stay the same. A name says
   * what is in its file.
   */
  update(): Promise<void>
}

export function resultsWriter({
  store,
  headline,
  postProcessing,
  wanted,
}: Pick<Proposing & Start, 'store' | 'headline' | 'postProcessing' | 'wanted'>): ResultsWriter {
  const models = join(store.folder, 'models')
  let written = ''
  return {
    async update() {
      const best = winnerOf(store)
      if (!best) return
      const front = store.front()
      const found = [...front, best].map(({ id }) => id).join()
      if (found === written) return
      const kept = new Map([...front, best].map(({ id, candidate }) => [`${candidateId(candidate)}.json`, id]))
      const there = new Set(await readdir(models).catch(() => []))
      for (const [name, trial] of kept)
        if (!there.has(name)) await writeAtomic(join(models, name), jsonText(architectureOf(store, trial)))
      for (const name of there) {
        // Folders are bundles that somebody trained into the run.
        if (name.endsWith('.json') && !kept.has(name)) await rm(join(models, name), { force: true })
      }
      const line = ({ candidate, outcome, facts }: typeof best) => ({
        id: candidateId(candidate),
        accuracy: outcome.estimate.metrics[headline.name] ?? 0,
        latencyMs: facts.latency.latencyMs,
      })
      const { id, ...known } = line(best)
      // Of a front `mnas train RUN` asks which; of one network the front is a by-product.
      const text = jsonText({
        ...{ version: 1, id, architecture: architectureOf(store, best.id), ...known },
        ...(postProcessing && { postProcessing }),
        ...(wanted.kind === 'front' && { front: front.map(line) }),
      })
      await writeAtomic(join(store.folder, 'best.json'), text)
      const run = await frontText(store, { headline, postProcessing }, [...front, best])
      if (run !== null) await writeAtomic(runFrontPath(store.folder), run)
      written = found
    },
  }
}
