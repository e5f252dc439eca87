import { z } from 'zod'
import type { DeepReadonly } from '../contracts/json.js'
import { checkRow, checkShapes } from './cross-field-rules.js'

const op = z.literal(['conv', 'separable', 'mbconv'])
const kernel = z.literal([1, 3, 5, 7])
const filters = z.int().min(1).max(4096)

/** The cross-field rules once more, for editors that check a file against the committed JSON Schema. */
const rowRules = {
  allOf: [
    {
      if: { properties: { op: { const: 'mbconv' } } },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's keyword
      then: { required: ['expansion'] },
      else: { properties: { expansion: false } },
    },
    {
      if: { properties: { op: { const: 'conv' } } },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's keyword
      then: { properties: { squeezeExcite: false } },
    },
    {
      if: { properties: { op: { const: 'mbconv' }, expansion: { const: 1 } }, required: ['expansion'] },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's keyword
      then: {},
      else: { properties: { expansionConvolution: false } },
    },
  ],
}

/** One row of the paper's table: `repeats` layers of one kind, of which only the first strides. */
export const blockSchema = z
  .strictObject({
    op: op.describe(
      'conv: k×k convolution, batch norm and activation; separable: depthwise convolution and linear 1×1; mbconv: 1×1 expansion before these',
    ),
    repeats: z.int().min(1).max(16).describe('Layers of the row; only the first one strides'),
    kernel: kernel.describe('Side of the k×k kernel'),
    stride: z.literal([1, 2]),
    expansion: z
      .int()
      .min(1)
      .max(12)
      .optional()
      .describe("Filters of the depthwise convolution divided by the layer's input filters; on mbconv rows, and only there"),
    expansionConvolution: z
      .literal(true)
      .optional()
      .describe(
        'On an mbconv row of expansion 1: its layers keep the 1×1 convolution, as FBNet has them; without it they are separable',
      ),
    filters: filters.describe('Output filters of every layer of the row'),
    squeezeExcite: z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .describe("Squeezed filters divided by the layer's input filters; not on conv rows, which have no depthwise convolution"),
    skip: z
      .literal(['identity', 'pool', 'none'])
      .describe(
        'What is added to the output of the layers where it fits. identity: stride 1, equal filters; pool: a max pool, equal filters',
      ),
  })
  .superRefine(checkRow)
  .meta(rowRules)

/** The block-level IR: readonly JSON, written like the paper's table. */
export const architectureSchema = z
  .strictObject({
    version: z.literal(1),
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._@-]{0,99}$/)
      .describe('Lower-case letters, digits and . _ @ -; no part of its identity'),
    input: z.strictObject({ size: z.int().min(16).max(2048).describe('Side of the square input in pixels') }),
    padding: z
      .literal(['same', 'symmetric'])
      .describe('same: as TensorFlow pads; symmetric: ⌊k/2⌋ on every side, as PyTorch-trained weights need'),
    activation: z.literal(['relu', 'relu6']),
    batchNormEpsilon: z.number().gt(0).max(1),
    stem: z.strictObject({ filters, kernel, stride: z.literal([1, 2]) }),
    blocks: z.array(blockSchema).min(1).max(64),
    head: z.strictObject({ filters: filters.describe('Filters of the 1×1 convolution behind the blocks; no width scales it') }),
    task: z
      .strictObject({ name: z.string().min(1), options: z.record(z.string(), z.json()) })
      .describe("The task's plug-in validates the options: {classes, dropout} for labelled photos"),
  })
  .superRefine(checkShapes)

export type Block = DeepReadonly<z.infer<typeof blockSchema>>
export type Architecture = DeepReadonly<z.infer<typeof architectureSchema>>
