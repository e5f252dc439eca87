import type { Graph, GraphNode, GraphNodeOf, Op, TensorSpec } from '@mnas/core/contracts'

/** A graph to look for patterns in, from a node backwards. */
export class Nodes {
  readonly graph: Graph
  readonly #byId: ReadonlyMap<string, GraphNode>
  /** Ids with exactly one reader that are no output: a composite may swallow them. */
  readonly #inner: ReadonlySet<string>

  constructor(graph: Graph) {
    this.graph = graph
    this.#byId = new Map(graph.nodes.map((node) => [node.id, node]))
    const readers = new Map<string, number>()
    const read = [...graph.nodes.flatMap((node) => node.inputs), ...outputReaders(graph)]
    for (const id of read) readers.set(id, (readers.get(id) ?? 0) + 1)
    this.#inner = new Set([...readers].flatMap(([id, count]) => (count === 1 ? [id] : [])))
  }

  /** The node, if it is of that op. */
  is<K extends Op>(id: string | undefined, op: K): GraphNodeOf<K> | null {
    const node = id === undefined ? undefined : this.#byId.get(id)
    return node?.op === op ? (node as GraphNodeOf<K>) : null
  }

  /** The node, if it is of that op and nothing but the one reader sees its value. */
  inner<K extends Op>(id: string | undefined, op: K): GraphNodeOf<K> | null {
    return id !== undefined && this.#inner.has(id) ? this.is(id, op) : null
  }

  isGraphInput(id: string): boolean {
    return Object.hasOwn(this.graph.inputs, id)
  }

  /** [height, width] of an image. */
  sides(id: string): readonly [number, number] {
    const { shape } = this.spec(id)
    return [shape[0]!, shape[1]!]
  }

  spec(id: string): TensorSpec {
    return this.#byId.get(id) ?? this.graph.inputs[id]!
  }
}

/** An output counts as two readers: whatever else reads it, it has to be there. */
const outputReaders = (graph: Graph): readonly string[] => Object.values(graph.outputs).flatMap((id) => [id, id])
