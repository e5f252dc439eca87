import type { Emitter } from '../../onnx/emitter.js'
import { type OnnxTensor, sizeOf } from '../../onnx/tensor.js'
import { channelsOf, imagesOf, laneConv, zerosAfter } from '../lanes.js'
import type { DepthwisePart, DepthwisePlan } from './depthwise-plan.js'

/**
 * Depthwise convolution of blocked maps by NCHWc kernels with a group per channel and image; x is one map per part of the plan.
 *
 *   y = Σ x_p ⋆ w_p       dw_p = x_p ⋆ dy (dy as the kernel, dilated by the stride), summed over images       dx_p = dy ⋆ flip(w_p)
 *
 * Kernels w are [C, kh·kw].
 */
export function depthwiseForward(g: Emitter, plan: DepthwisePlan, xs: readonly OnnxTensor[], w: OnnxTensor): OnnxTensor {
  let sum: OnnxTensor | undefined
  plan.parts.forEach((part, i) => {
    const x = xs[i]!
    const strides = [plan.stride, plan.stride] as const
    const window = { kernel: part.kernel, strides, pads: part.pads }
    sum = laneConv(g, x, laneKernel(g, w, part, part.taps, x), window, plan.output, { addend: sum })
  })
  return sum!
}

/** Kernels of the way back, one per part. */
export function flippedKernels(g: Emitter, plan: DepthwisePlan, w: OnnxTensor, like: OnnxTensor): readonly OnnxTensor[] {
  return plan.parts.map((part) => laneKernel(g, w, part, part.taps.toReversed(), like))
}

/** dw [C, kh·kw]: what `laneKernel` spread out, summed up again by the transpose of its product. */
export function depthwiseKernelGradient(g: Emitter, plan: DepthwisePlan, xs: readonly OnnxTensor[], dy: OnnxTensor): OnnxTensor {
  const strides = [1, 1] as const
  const taps = sizeOf(plan.kernel)
  const kernel = g.reshape(dy, [channelsOf(dy) * imagesOf(dy), 1, ...plan.output])
  const addPart = (bias: OnnxTensor | undefined, part: DepthwisePart, i: number): OnnxTensor => {
    const x = xs[i]!
    const window = { kernel: plan.output, strides, pads: part.pads, dilations: [plan.stride, plan.stride] as const }
    const perImage = laneConv(g, x, kernel, window, part.kernel)
    const rows = g.reshape(perImage, [channelsOf(x), imagesOf(x) * part.taps.length])
    return g.gemm(rows, tapMatrix(g, taps, part.taps, x), { transB: true, ...(bias && { bias }) })
  }
  return plan.parts.reduce<OnnxTensor | undefined>(addPart, undefined)!
}

/** dx per part; computed after the kernel gradient, which lets go of x. */
export function depthwiseInputGradient(
  g: Emitter,
  plan: DepthwisePlan,
  dy: OnnxTensor,
  flipped: readonly OnnxTensor[],
  kernelGradient: OnnxTensor,
): readonly OnnxTensor[] {
  const bias = g.reshape(zerosAfter(g, imagesOf(dy), kernelGradient), [channelsOf(dy) * imagesOf(dy)])
  const spread = plan.stride === 2 ? zerosBetween(g, dy) : dy
  return plan.parts.map(({ kernel, backPads, phase }, i) => {
    const sides = phase ? plan.output : plan.input
    return laneConv(g, spread, flipped[i]!, { kernel, strides: [1, 1], pads: backPads }, sides, { bias })
  })
}

/** [C, N/B, H, W, B] → [C, N/B, 2H, 2W, B] with zeros behind every row and column: in units of whole blocks. */
function zerosBetween(g: Emitter, x: OnnxTensor): OnnxTensor {
  const [channels, blocks, height, width, block] = x.shape as [number, number, number, number, number]
  const zeros = (shape: readonly number[]) => g.expand(g.scalar(0), shape)
  const rows = channels * blocks * height
  const wide = g.concat([g.reshape(x, [rows * width, block]), zeros([rows * width, block])], 1)
  const line = 2 * width * block
  const high = g.concat([g.reshape(wide, [rows, line]), zeros([rows, line])], 1)
  return g.reshape(high, [channels, blocks, 2 * height, 2 * width, block])
}

/** Some taps of w [C, kh·kw] for every image, [C·N, 1, kh', kw'] in blocked order: a product with a constant 0/1 matrix. */
function laneKernel(g: Emitter, w: OnnxTensor, part: DepthwisePart, taps: readonly number[], like: OnnxTensor): OnnxTensor {
  const repeated = g.gemm(w, tapMatrix(g, w.shape[1]!, taps, like))
  return g.reshape(repeated, [channelsOf(w) * imagesOf(like), 1, ...part.kernel])
}

const tapMatrices = new WeakMap<Emitter, Map<string, OnnxTensor>>()

/** [kh·kw, N/B · taps · B] */
function tapMatrix(g: Emitter, count: number, taps: readonly number[], { shape }: OnnxTensor): OnnxTensor {
  const [, blocks, , , block] = shape as [number, number, number, number, number]
  const known = tapMatrices.get(g) ?? new Map<string, OnnxTensor>()
  tapMatrices.set(g, known)
  const key = `${count}:${taps}:${blocks}:${block}`
  const found = known.get(key)
  if (found) return found
  const width = blocks * taps.length * block
  const values = new Float32Array(count * width)
  taps.forEach((tap, place) => {
    for (let b = 0; b < blocks; b++) {
      const start = tap * width + (b * taps.length + place) * block
      values.fill(1, start, start + block)
    }
  })
  const tensor = g.constant(values, [count, width])
  known.set(key, tensor)
  return tensor
}
