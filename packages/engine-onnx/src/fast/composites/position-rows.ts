import { type OnnxTensor, sizeOf } from '../../onnx/tensor.js'
import { channelMajor, isBlocked, plain, plainValue } from '../../ops/value.js'
import { type Composite, type CompositeSite, kernelMatrix } from '../composite.js'
import { after } from '../lanes.js'

export interface PositionRowsNodes {
  readonly conv: string
  readonly input: string
  readonly output: string
  /** Per-example shape of the output. */
  readonly shape: readonly number[]
}

/**
 * conv2d 1x1 with bias → reshape, which reads the channels of each position side by side. Maps lie channel by channel: a product that
 * comes out position by position leaves nothing to transpose, and of the blocked order only runs of C values have to move.
 *
 *   Y = Xᵀ·Wᵀ + b       dW = dYᵀ·Xᵀ       db = Σ dY       dX = Wᵀ·dYᵀ
 *
 * Shapes: X [K, M]; W [C, K]; Y, dY [M, C] with M in the order of X.
 */
export function positionRows({ conv, input, output, shape }: PositionRowsNodes): Composite {
  return {
    id: output,
    inputs: [input],
    nodes: [conv, output],
    forward(site) {
      const { g, inputs, parameter } = site
      const x = channelMajor(g, inputs[0]!)
      const [channels, ...positions] = x.tensor.shape
      const columns = g.reshape(x.tensor, [channels!, sizeOf(positions)])
      const weights = kernelMatrix(site, conv)
      const filters = weights.shape[0]!
      const bias = g.reshape(parameter(conv, 'bias'), [1, filters])
      const order = isBlocked(x.layout) ? blockedOrder(site, positions, filters) : plainOrder(site, positions, filters)
      const rows = order.toPlain(g.gemm(columns, weights, { transA: true, transB: true, bias }))
      const batch = rows.shape[0]!
      const whole = [batch, ...shape]
      return {
        output: plainValue(g.reshape(rows, whole)),
        reverse({ outputGradient, needed, parameterGradient }) {
          const dy = order.fromPlain(g.expand(plain(g, outputGradient), whole))
          const dWeights = g.gemm(dy, columns, { transA: true, transB: true })
          parameterGradient(conv, 'kernel', dWeights)
          parameterGradient(conv, 'bias', g.sum(dy, [0]))
          if (!needed[0]) return [null]
          const dx = g.gemm(after(g, weights, dWeights), dy, { transA: true, transB: true })
          return [{ tensor: g.reshape(dx, x.tensor.shape), layout: x.layout }]
        },
      }
    },
  }
}

/** Between rows in the order of the map, [M, C], and [N, H·W, C]. */
interface Order {
  toPlain(rows: OnnxTensor): OnnxTensor
  fromPlain(values: OnnxTensor): OnnxTensor
}

function plainOrder({ g }: CompositeSite, positions: readonly number[], filters: number): Order {
  const [batch, ...sides] = positions as [number, ...number[]]
  return {
    toPlain: (rows) => g.reshape(rows, [batch, sizeOf(sides), filters]),
    fromPlain: (values) => g.reshape(values, [sizeOf(positions), filters]),
  }
}

/** Positions [N/B, H, W, B] ↔ [N/B, B, H, W]. */
function blockedOrder({ g }: CompositeSite, positions: readonly number[], filters: number): Order {
  const [blocks, height, width, lanes] = positions as [number, number, number, number]
  const pixels = height * width
  return {
    toPlain: (rows) =>
      g.reshape(g.transpose(g.reshape(rows, [blocks, pixels, lanes, filters]), [0, 2, 1, 3]), [blocks * lanes, pixels, filters]),
    fromPlain: (values) =>
      g.reshape(g.transpose(g.reshape(values, [blocks, lanes, pixels, filters]), [0, 2, 1, 3]), [sizeOf(positions), filters]),
  }
}
