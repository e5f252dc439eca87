import type { Graph, GraphNode, Initializers, Op, OpAttributes, Origin, ParameterRoleOf, TensorSpec } from '../contracts/index.js'
import { graphErrors } from './errors.js'
import { inferSpec } from './ops/infer-spec.js'
import { nodeParameters } from './parameters/parameters-of.js'

export interface NodeDescription<K extends Op> {
  readonly id: string
  /** Graph inputs or nodes that were added before. */
  readonly inputs: readonly string[]
  readonly attributes: OpAttributes[K]
  readonly origin: Origin
  /** Of parameters that are not to start as the op has them: a classifier's, a predictor's. */
  readonly initializers?: Initializers<ParameterRoleOf<K>>
}

/** Writes a graph down node by node and works out every shape on the way. Inputs and nodes share one space of names. */
export class GraphBuilder {
  readonly #inputs: Record<string, TensorSpec> = {}
  readonly #nodes: GraphNode[] = []
  readonly #outputs: Record<string, string> = {}
  readonly #specs = new Map<string, TensorSpec>()

  /** A builder that holds that graph's inputs and nodes already, and none of its outputs: what a head begins with. */
  static from(graph: Graph): GraphBuilder {
    const builder = new GraphBuilder()
    for (const [name, spec] of Object.entries(graph.inputs)) builder.input(name, spec)
    for (const node of graph.nodes) builder.append(node)
    return builder
  }

  /** @throws MNAS_GRAPH_NAME_TAKEN */
  input(name: string, { shape, dtype, batched }: TensorSpec): string {
    this.#inputs[name] = this.#name(name, { shape, dtype, batched })
    return name
  }

  /**
   * @returns the node's id, for its readers
   * @throws MNAS_GRAPH_NAME_TAKEN, MNAS_GRAPH_NAME_UNKNOWN, MNAS_GRAPH_SHAPE, MNAS_GRAPH_INITIALIZER
   */
  add<K extends Op>(op: K, { id, inputs, attributes, origin, initializers }: NodeDescription<K>): string {
    const operands = inputs.map((name) => this.#specOf(name, id))
    const spec = this.#name(id, inferSpec(op, attributes, operands, id))
    // The union of nodes ties each op to its own attributes; TypeScript cannot build a member of it from a type parameter.
    const node = { ...spec, id, op, inputs, attributes, origin, ...(initializers && { initializers }) } as GraphNode
    checkInitializers(node, operands[0]?.shape.at(-1) ?? 0)
    this.#nodes.push(node)
    return id
  }

  /** Adds a node of another graph as it is, reading from other names where that is asked for. */
  append(node: GraphNode, inputs: readonly string[] = node.inputs): string {
    return this.add<Op>(node.op, { ...node, inputs })
  }

  /** What an input or node that was added is. @throws MNAS_GRAPH_NAME_UNKNOWN */
  spec(name: string): TensorSpec {
    return this.#specOf(name, 'the builder')
  }

  /**
   * @param id a node or graph input
   * @throws MNAS_GRAPH_NAME_TAKEN, MNAS_GRAPH_NAME_UNKNOWN
   */
  output(name: string, id: string): void {
    if (Object.hasOwn(this.#outputs, name)) throw graphErrors.MNAS_GRAPH_NAME_TAKEN({ name })
    this.#specOf(id, `output ${name}`)
    this.#outputs[name] = id
  }

  build(): Graph {
    return { inputs: { ...this.#inputs }, nodes: [...this.#nodes], outputs: { ...this.#outputs } }
  }

  #specOf(name: string, reader: string): TensorSpec {
    const spec = this.#specs.get(name)
    if (!spec) throw graphErrors.MNAS_GRAPH_NAME_UNKNOWN({ name, reader, known: [...this.#specs.keys()] })
    return spec
  }

  #name(name: string, spec: TensorSpec): TensorSpec {
    if (this.#specs.has(name)) throw graphErrors.MNAS_GRAPH_NAME_TAKEN({ name })
    this.#specs.set(name, spec)
    return spec
  }
}

function checkInitializers(node: GraphNode, channels: number): void {
  if (!node.initializers) return
  const known: readonly string[] = nodeParameters(node, channels).map(({ role }) => role)
  const role = Object.keys(node.initializers).find((name) => !known.includes(name))
  if (role !== undefined) throw graphErrors.MNAS_GRAPH_INITIALIZER({ node: node.id, op: node.op, role, known })
}
