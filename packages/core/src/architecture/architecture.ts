import { z } from 'zod'

const op = z.literal(['conv', 'separable', 'mbconv'])
const kernel = z.literal([1, 3, 5, 7])
const filters = z.int().min(1).max(4096)

/** One row of the paper's table: `repeats` layers of one kind, of which only the first strides. */
export const blockSchema = z.strictObject({
  /** conv: k×k convolution; separable: depthwise + linear 1×1; mbconv: 1×1 expansion, depthwise, linear 1×1. */
  op,
  repeats: z.int().min(1).max(16),
  kernel,
  stride: z.literal([1, 2]),
  /** Width of the depthwise convolution divided by the layer's input filters; only for mbconv. */
  expansion: z.int().min(1).max(12).optional(),
  filters,
  /** Squeeze width divided by the layer's input filters; only on rows that have a depthwise convolution. */
  squeezeExcite: z.number().gt(0).max(1).optional(),
  skip: z.literal(['identity', 'pool', 'none']),
})

/** The block-level IR: readonly JSON, written like the paper's table. */
export const architectureSchema = z.strictObject({
  version: z.literal(1),
  name: z.string().regex(/^[a-z0-9][a-z0-9._@-]{0,99}$/),
  input: z.strictObject({ size: z.int().min(16).max(2048) }),
  /** same: as TensorFlow pads, symmetric: ⌊k/2⌋ on every side, as PyTorch-trained weights need. */
  padding: z.literal(['same', 'symmetric']),
  activation: z.literal(['relu', 'relu6']),
  batchNormEpsilon: z.number().gt(0).max(1),
  stem: z.strictObject({ filters, kernel, stride: z.literal([1, 2]) }),
  blocks: z.array(blockSchema).min(1).max(64).readonly(),
  /** The 1×1 convolution behind the blocks. */
  head: z.strictObject({ filters }),
  /** The task's plug-in validates the options: classification {classes, dropout}. */
  task: z.strictObject({ name: z.string().min(1), options: z.record(z.string(), z.json()) }),
})

type DeepReadonly<T> = T extends readonly (infer U)[]
  ? readonly DeepReadonly<U>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T

export type Block = DeepReadonly<z.infer<typeof blockSchema>>
export type Architecture = DeepReadonly<z.infer<typeof architectureSchema>>
