import type { GraphNode, GraphNodeOf } from '@mnas/core/contracts'
import type { Composite } from '../fast/composite.js'
import { ownEntropy } from '../fast/composites/own-entropy.js'
import type { Nodes } from './nodes.js'

/** softplus(x) summed along the rows, less what select leaves of x in the columns whose number is the row's class, summed too. */
export function matchOwnEntropy(nodes: Nodes, last: GraphNode): Composite | null {
  if (last.op !== 'subtract') return null
  const [all, own] = last.inputs.map((id) => rowSum(nodes, id))
  const softplus = nodes.inner(all?.inputs[0], 'softplus')
  const select = nodes.inner(own?.inputs[0], 'select')
  const scores = softplus?.inputs[0]
  if (!all || !own || !softplus || !select || scores === undefined) return null
  const [mask, nothing, chosen] = select.inputs
  if (chosen !== scores || !isConstant(nodes, nothing, [0])) return null
  const { shape, batched } = nodes.spec(scores)
  const other = batched ? otherColumns(nodes, mask, shape) : null
  if (!other) return null
  const inner = [all.id, own.id, softplus.id, select.id, ...other.inner]
  return ownEntropy({ scores, classes: other.classes, output: last.id, inner })
}

function rowSum(nodes: Nodes, id: string): GraphNodeOf<'reduceSum'> | null {
  const sum = nodes.inner(id, 'reduceSum')
  if (!sum || sum.attributes.keepDims || sum.attributes.axes.join() !== '1') return null
  return nodes.spec(sum.inputs[0]!).shape.length === 2 ? sum : null
}

/** (class < column) + (column < class), for columns numbered from 0 on and a class for each row. */
function otherColumns(nodes: Nodes, id: string | undefined, [rows, columns]: readonly number[]) {
  const add = nodes.inner(id, 'add')
  const [below, above] = (add?.inputs ?? []).map((side) => nodes.inner(side, 'less'))
  if (!add || !below || !above) return null
  const [classes, numbers] = below.inputs as [string, string]
  if (above.inputs[0] !== numbers || above.inputs[1] !== classes) return null
  const { shape, batched } = nodes.spec(classes)
  if (!batched || shape.join() !== `${rows},1`) return null
  if (!isConstant(nodes, numbers, [...Array(columns).keys()])) return null
  return { classes, inner: [add.id, below.id, above.id] }
}

function isConstant(nodes: Nodes, id: string | undefined, values: readonly number[]): boolean {
  return nodes.is(id, 'constant')?.attributes.values.join() === values.join()
}
