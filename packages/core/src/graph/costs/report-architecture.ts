import { type Architecture, architectureHash, type Block, resolutionsOf } from '../../architecture/index.js'
import type { Costs, Graph, Hash, Origin, Task } from '../../contracts/index.js'
import { lower } from '../lowering/lower.js'
import { elementCount } from '../ops/infer-spec.js'
import { parametersOf } from '../parameters/parameters-of.js'
import { inputChannels, specsOf } from '../specs-of.js'
import { costsOf, macsOf } from './costs-of.js'

/** A row of the table with what it costs. `head` is everything behind the blocks, the task's layers included. */
export interface ReportedRow {
  readonly row: Exclude<Origin['block'], 'objective'>
  readonly layers: Omit<Block, 'filters'> | null
  readonly filters: number
  /** Side of the row's output in pixels. */
  readonly outputSize: number
  readonly parameters: number
  readonly macs: number
}

export interface ArchitectureReport extends Costs {
  readonly name: string
  /** Identity of the candidate. */
  readonly hash: Hash
  readonly rows: readonly ReportedRow[]
}

/** What an architecture with its task's head costs, as a whole and row by row; the rows' costs add up to the whole. */
export function reportArchitecture(architecture: Architecture, task: Task): ArchitectureReport {
  const graph = lower(architecture, task)
  const { name, stem, blocks, head } = architecture
  const sizes = resolutionsOf(architecture)
  const costs = costsByBlock(graph)
  const row = (block: ReportedRow['row'], filters: number, outputSize: number, layers: ReportedRow['layers']): ReportedRow => ({
    row: block,
    layers,
    filters,
    outputSize,
    ...(costs.get(block) ?? { parameters: 0, macs: 0 }),
  })
  return {
    name,
    hash: architectureHash(architecture),
    ...costsOf(graph),
    rows: [
      row('stem', stem.filters, sizes[0]!.output, null),
      ...blocks.map(({ filters, ...layers }, index) => row(index + 1, filters, sizes[index + 1]!.output, layers)),
      row('head', head.filters, sizes.at(-1)!.output, null),
    ],
  }
}

function costsByBlock(graph: Graph): ReadonlyMap<Origin['block'], Omit<Costs, 'peakMemoryBytes'>> {
  const specs = specsOf(graph)
  const blocks = new Map(graph.nodes.map(({ id, origin }) => [id, origin.block] as const))
  const costs = new Map<Origin['block'], { parameters: number; macs: number }>()
  const add = (block: Origin['block'], parameters: number, macs: number) => {
    const sum = costs.get(block)
    costs.set(block, { parameters: (sum?.parameters ?? 0) + parameters, macs: (sum?.macs ?? 0) + macs })
  }
  for (const node of graph.nodes) add(node.origin.block, 0, macsOf(node, inputChannels(node, specs))?.count ?? 0)
  for (const { node, shape, statistic } of parametersOf(graph)) add(blocks.get(node)!, statistic ? 0 : elementCount(shape), 0)
  return costs
}
