import type { TensorSpec } from '../contracts/index.js'
import { defineErrors, didYouMean } from '../errors/index.js'

const shapeOf = (spec: TensorSpec): string => `${spec.dtype} [${spec.shape}]${spec.batched ? '' : ' without a batch'}`

/** Errors of the layer-level IR: what a task's head or objective can do wrong. */
export const graphErrors = defineErrors({
  MNAS_GRAPH_SHAPE: {
    exit: 'invalid',
    summary: 'A node of a graph has operands or attributes that do not fit together.',
    message: (d: { node: string; op: string; expected: string; inputs: readonly TensorSpec[] }) =>
      `Node "${d.node}" (${d.op}) does not fit. Expected ${d.expected}, received ${
        d.inputs.length === 0 ? 'no operands' : d.inputs.map(shapeOf).join(' and ')
      }. Change the node or what it reads.`,
  },
  MNAS_GRAPH_INITIALIZER: {
    exit: 'invalid',
    summary: 'A node of a graph says how a parameter starts that it does not have.',
    message: (d: { node: string; op: string; role: string; known: readonly string[] }) =>
      `Node "${d.node}" (${d.op}) says how its ${d.role} starts. Expected ${
        d.known.length === 0 ? 'nothing, for it has no parameters' : d.known.join(' or ')
      }, received ${d.role}. Leave it out, or change the node.`,
  },
  MNAS_GRAPH_NAME_TAKEN: {
    exit: 'invalid',
    summary: 'Two nodes, inputs or outputs of a graph have the same name.',
    message: (d: { name: string }) =>
      `The name "${d.name}" is used twice in one graph. ` +
      'Expected every input, node and output to have its own, received a second one. Rename one of them.',
  },
  MNAS_GRAPH_NAME_UNKNOWN: {
    exit: 'invalid',
    summary: 'A node or an output of a graph reads a value that does not stand before it.',
    message: (d: { name: string; reader: string; known: readonly string[] }) =>
      `"${d.reader}" reads "${d.name}". Expected an input or an earlier node of the graph, received none of that ` +
      `name.${didYouMean(d.name, d.known.slice(-20))} Add it first.`,
  },
  MNAS_GRAPH_BINDING: {
    exit: 'invalid',
    summary: 'An objective reads a model output of another shape than the model gives.',
    message: (d: { name: string; expected: TensorSpec; received: TensorSpec }) =>
      `The objective and the model disagree about "${d.name}". ` +
      `Expected ${shapeOf(d.expected)}, received ${shapeOf(d.received)}. ` +
      'Make the objective from the same model and task options.',
  },
  MNAS_GRAPH_TASK: {
    exit: 'invalid',
    summary: 'An architecture was lowered with another task than its own.',
    message: (d: { name: string; expected: string; received: string }) =>
      `"${d.name}" is made for another task. Expected the task "${d.expected}", received "${d.received}". ` +
      'Use the task that the architecture names.',
  },
})
