import type { Graph, GraphNode } from '../../contracts/index.js'

/** A feature map of a backbone that a head may read. */
export interface Tap {
  /** Pixels of the image for one of the map, along each side. */
  readonly stride: number
  readonly channels: number
  /** Of its node. */
  readonly id: string
  /** Of its node's origin: `expand_relu` where the next layer expands before it strides. */
  readonly role: string
}

/**
 * The feature maps of a backbone by stride, ascending: of each stride the value that the last k×k convolution which strides reads, and
 * `features` behind them. For MnasNet-A1 at 16 that is the expansion of the first layer of block 6, as SSDLite has it (Sandler et al. 2018,
 * §6.2).
 */
export function taps(graph: Graph): readonly Tap[] {
  const strides = stridesOf(graph)
  const read = stridedValues(graph)
  const last = new Map([...read, graph.outputs['features']].map((id) => [strides.get(id ?? ''), id]))
  return graph.nodes
    .flatMap(({ id, shape, origin }) => {
      const stride = strides.get(id)
      return stride !== undefined && last.get(stride) === id ? [{ stride, channels: shape.at(-1)!, id, role: origin.role }] : []
    })
    .sort((a, b) => a.stride - b.stride)
}

/** What k×k convolutions that stride read, in their order. */
export const stridedValues = (graph: Graph): readonly string[] =>
  graph.nodes.filter(stridesOverPixels).flatMap(({ inputs }) => inputs)

function stridesOverPixels(node: GraphNode): boolean {
  if (node.op !== 'conv2d' && node.op !== 'depthwiseConv2d') return false
  const { kernel, strides } = node.attributes
  return strides[0] > 1 && kernel[0] > 1
}

/** Of each image in the graph by its name: an op over windows multiplies the stride, every other one has its widest operand's. */
function stridesOf(graph: Graph): ReadonlyMap<string, number> {
  const isImage = ({ shape }: { readonly shape: readonly number[] }) => shape.length === 3
  const images = Object.entries(graph.inputs).filter(([, spec]) => isImage(spec))
  const strides = new Map<string, number>(images.map(([name]) => [name, 1]))
  for (const node of graph.nodes) {
    if (node.op === 'globalAveragePool' || !isImage(node)) continue
    const read = node.inputs.flatMap((id) => strides.get(id) ?? [])
    const own = 'strides' in node.attributes ? node.attributes.strides[0] : 1
    if (read.length > 0) strides.set(node.id, own * Math.max(...read))
  }
  return strides
}
