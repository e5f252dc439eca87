import type { Architecture } from '../architecture/index.js'
import type { Graph, Parameter, Stage } from '../contracts/index.js'
import { trainingErrors } from './errors.js'

/** `stem,1,2` → the stem and the first two rows, each once and in order. @throws MNAS_TRAIN_FREEZE for what is no stage of it */
export function parseStages(text: string, { name, blocks }: Pick<Architecture, 'name' | 'blocks'>): readonly Stage[] {
  const stages: readonly Stage[] = ['stem', ...blocks.map((_, row) => row + 1)]
  const words = text.split(',').map((word) => word.trim())
  const wrong = words.find((word) => !stages.some((stage) => String(stage) === word))
  if (wrong !== undefined) throw trainingErrors.MNAS_TRAIN_FREEZE({ name, rows: blocks.length, received: wrong })
  return stages.filter((stage) => words.includes(String(stage)))
}

/**
 * Names of the stages' parameters. Running statistics are not among them: the forward pass of a training normalises with the batch's own in
 * frozen layers too, and what evaluation normalises with has to follow.
 */
export function frozenParameters(graph: Graph, parameters: readonly Parameter[], stages: readonly Stage[]): readonly string[] {
  const frozen = new Set<unknown>(stages)
  const nodes = new Set(graph.nodes.filter(({ origin }) => frozen.has(origin.block)).map(({ id }) => id))
  return parameters.filter(({ node, statistic }) => !statistic && nodes.has(node)).map(({ name }) => name)
}
