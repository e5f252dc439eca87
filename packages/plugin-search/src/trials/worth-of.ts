import type { Estimate, Facts } from '@mnas/core/contracts'
import type { StartedSearch } from '../start/search.js'

/** What a trained network counts for: where the file that will be deployed was looked at, for what it is worth as that. */
export function worthOf(
  { objective, learn }: Pick<StartedSearch, 'objective' | 'learn'>,
  facts: Facts,
  { metrics, quantized }: Estimate,
): { readonly values: readonly number[]; readonly reward: number } {
  const measured = { facts, metrics: quantized ? learn(metrics, quantized.quality) : metrics }
  return { values: objective.values(measured), reward: objective.reward(measured) }
}
