import { askedErrors } from '../asked-errors.js'
import { visitingStore } from '../run/visit-run.js'
import type { Proposing, Started } from '../start/search.js'
import type { Surroundings } from '../start/search-request.js'
import { startSearch } from '../start/start-search.js'
import type { AskedRun } from './open-asked-run.js'
import { proposingOf } from './proposing-of.js'

/**
 * The search of a run as its first measurements settled it; nothing is measured. Its store is that of a visitor.
 * @throws MNAS_SEARCH_UNFINISHED
 */
export async function startAsked(run: AskedRun, around: Surroundings): Promise<Started<Proposing>> {
  const { folder, settings, postProcessing, read } = run
  const measure = async () => {
    throw askedErrors.MNAS_SEARCH_UNFINISHED({ folder })
  }
  const store = visitingStore(read)
  // What was settled long ago is no news.
  const reporter = { ...around.reporter, stage: () => undefined, progress: () => undefined }
  const parts = { store, measure, measuredAtOnce: 1, postProcessing }
  const started = await startSearch(await proposingOf(settings, parts, { ...around, reporter }))
  return { ...started, reporter: around.reporter }
}
