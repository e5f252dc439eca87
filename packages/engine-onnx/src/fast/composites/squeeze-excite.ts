import { sizeOf } from '../../onnx/tensor.js'
import { imageMeans } from '../../ops/channels.js'
import { blocked } from '../../ops/value.js'
import { type Composite, kernelMatrix, wholeGradient } from '../composite.js'
import { imageDots, perImage, scalePerImage, sidesOf } from '../lanes.js'
import { column } from '../norm.js'

export interface SqueezeExciteNodes {
  readonly input: string
  readonly reduce: string
  readonly expand: string
  readonly output: string
  /** Everything between input and output. */
  readonly inner: readonly string[]
}

/**
 * globalAveragePool → conv2d → relu → conv2d → sigmoid → multiply (Hu et al. 2018), with numbers per channel and image in between.
 *
 *   m = mean(z)       r = relu(W₁·m + b₁)       s = σ(W₂·r + b₂)       h = z·s
 *
 *   ds = Σ dh·z       dp = ds·s·(1 − s)       dW₂ = dp·rᵀ       db₂ = Σ dp
 *   dr = (W₂ᵀ·dp)∘[r > 0]       dW₁ = dr·mᵀ       db₁ = Σ dr       dz = dh·s + W₁ᵀ·dr/(H·W), in one pass
 *
 * Shapes: z, h [C, M]; m, s, ds, dp [C, N]; r, dr [squeezed, N].
 */
export function squeezeExcite(nodes: SqueezeExciteNodes): Composite {
  const { reduce, expand } = nodes
  return {
    id: nodes.output,
    inputs: [nodes.input],
    nodes: [...nodes.inner, nodes.output],
    forward(site) {
      const { g, layout, inputs, parameter } = site
      const z = blocked(g, inputs[0]!, layout)
      const [down, up] = [kernelMatrix(site, reduce), kernelMatrix(site, expand)]
      const means = perImage(g, imageMeans(g, z))
      const squeezed = g.unary('Relu', g.add(g.gemm(down, means), column(g, parameter(reduce, 'bias'))))
      const scale = g.sigmoid(g.add(g.gemm(up, squeezed), column(g, parameter(expand, 'bias'))))
      return {
        output: { tensor: scalePerImage(g, z, scale), layout },
        reverse({ outputGradient, needed, parameterGradient }) {
          const dh = wholeGradient(site, outputGradient, z)
          const slope = g.multiply(scale, g.subtractFrom(1, scale))
          const dUp = g.multiply(imageDots(g, dh, z), slope)
          parameterGradient(expand, 'kernel', g.gemm(dUp, squeezed, { transB: true }))
          parameterGradient(expand, 'bias', g.sum(dUp, [1]))
          const dDown = g.multiply(g.gemm(up, dUp, { transA: true }), g.isPositive(squeezed))
          parameterGradient(reduce, 'kernel', g.gemm(dDown, means, { transB: true }))
          parameterGradient(reduce, 'bias', g.sum(dDown, [1]))
          if (!needed[0]) return [null]
          const share = g.multiply(g.gemm(down, dDown, { transA: true }), 1 / sizeOf(sidesOf(z)))
          return [{ tensor: scalePerImage(g, dh, scale, share), layout }]
        },
      }
    },
  }
}
