import type { Architecture } from '../architecture/index.js'
import type { Parameter } from '../contracts/index.js'
import { lowerBackbone, parametersOf } from '../graph/index.js'

/**
 * A rate of their own for the parameters that the task puts behind the backbone, by name.
 * @param parameters of the whole network; their names do not depend on the size of its input
 * @param rate times that of the backbone; undefined: the same for all
 */
export function headRates(
  architecture: Architecture,
  parameters: readonly Parameter[],
  rate: number | undefined,
): Readonly<Record<string, number>> {
  if (rate === undefined) return {}
  const backbone = new Set(parametersOf(lowerBackbone(architecture)).map(({ name }) => name))
  const own = parameters.filter(({ name, statistic }) => !statistic && !backbone.has(name))
  return Object.fromEntries(own.map(({ name }) => [name, rate]))
}
