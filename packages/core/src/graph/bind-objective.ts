import type { Graph, ObjectiveGraph, TensorSpec } from '../contracts/index.js'
import { graphErrors } from './errors.js'
import { GraphBuilder } from './graph-builder.js'

/**
 * Model and objective as one graph, which an engine differentiates as a whole. Objective inputs named like a model output are bound to it
 * (and those named like a model input to that); the others (targets) stay graph inputs. It has the outputs of both.
 * @throws MNAS_GRAPH_BINDING when a bound input has another shape than what it is bound to
 * @throws MNAS_GRAPH_NAME_TAKEN when a node, target or output of the objective is named like one of the model
 */
export function bindObjective(model: Graph, objective: ObjectiveGraph): Graph {
  const builder = GraphBuilder.from(model)
  const bound = new Map<string, string>()
  for (const [name, spec] of Object.entries(objective.inputs)) {
    const source = model.outputs[name] ?? (Object.hasOwn(model.inputs, name) ? name : undefined)
    if (source === undefined) builder.input(name, spec)
    else checkSame(name, spec, builder.spec(source))
    bound.set(name, source ?? name)
  }
  const rename = (name: string): string => bound.get(name) ?? name
  for (const node of objective.nodes) builder.append(node, node.inputs.map(rename))
  for (const [name, id] of Object.entries(model.outputs)) builder.output(name, id)
  for (const [name, id] of Object.entries(objective.outputs)) builder.output(name, rename(id))
  return builder.build()
}

function checkSame(name: string, expected: TensorSpec, received: TensorSpec): void {
  const same =
    expected.dtype === received.dtype &&
    expected.batched === received.batched &&
    expected.shape.length === received.shape.length &&
    expected.shape.every((length, axis) => length === received.shape[axis])
  if (!same) throw graphErrors.MNAS_GRAPH_BINDING({ name, expected, received })
}
