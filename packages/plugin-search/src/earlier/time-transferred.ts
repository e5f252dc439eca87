import type { CompletedTrial } from '../run/records.js'
import type { StartedSearch } from '../start/search.js'
import { tryMeasure } from '../trials/measure-once.js'
import { worthOf } from '../trials/worth-of.js'
import { isComparable } from './is-comparable.js'

/** Another run has trained it, and this one has not: until it was timed here, its latency is an estimate. */
export const isUntimed = ({ proposal, facts }: CompletedTrial): boolean =>
  proposal === null && facts.latency.source !== 'measured'

/**
 * Times a network that another run has trained, as a candidate is timed before its training. One that is still worth it takes its
 * place among the results of this run, unless nobody knows what it is worth as a file of this run's precision; one that cannot be
 * timed stays as it is.
 */
export async function timeTransferred(search: StartedSearch, { id, genome, outcome }: CompletedTrial): Promise<void> {
  const { store, space, objective, facts: known } = search
  let { facts } = outcome
  for (const effort of ['quick', 'full'] as const) {
    if (!objective.worthTraining(facts)) break
    const { timed } = await tryMeasure(search, space.decode(genome), effort, id)
    if (!timed) return
    facts = { ...facts, ...timed }
  }
  const again = { ...outcome, facts, ...worthOf(search, facts, outcome.estimate) }
  const takesPlace =
    facts.latency.source === 'measured' && objective.worthTraining(facts) && isComparable(search, outcome.estimate.quantized)
  store.transaction(() => {
    store.endTransferred(again, takesPlace ? objective.axes : null)
    known.learn({ id, genome }, facts)
    if (facts.latency.source === 'measured') store.addEvent({ kind: 'latency-model', trial: id, ...known.accuracy() })
  })
}
