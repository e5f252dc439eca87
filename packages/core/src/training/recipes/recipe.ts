import { z } from 'zod'
import type { Optimizer } from '../../contracts/index.js'
import { describeIssues } from '../../errors/index.js'
import { trainingErrors } from '../errors.js'

const fraction = z.number().min(0).max(1)

/** An optimizer as a recipe writes it: penalty and average stand beside it. */
type OptimizerOf<K extends Optimizer['kind']> = Omit<Extract<Optimizer, { readonly kind: K }>, 'weightDecay' | 'average'>

/** A new kind or field in the contract does not compile before it stands here. */
const optimizers = {
  sgd: z.strictObject({ kind: z.literal('sgd'), momentum: fraction, nesterov: z.boolean().exactOptional() }),
  rmsprop: z.strictObject({ kind: z.literal('rmsprop'), decay: fraction, momentum: fraction, epsilon: z.number().gt(0) }),
} satisfies { readonly [K in Optimizer['kind']]: z.ZodType<OptimizerOf<K>> }

type OptimizerSchema = (typeof optimizers)[Optimizer['kind']]
const optimizer = z.discriminatedUnion('kind', Object.values(optimizers) as [OptimizerSchema, ...OptimizerSchema[]])

const learningRate = z.strictObject({
  /** Rate for an update from 256 images; scaled linearly with batchSize · accumulate (Goyal et al. 2017). */
  base: z.number().gt(0),
  schedule: z.literal(['cosine', 'exponential', 'constant']),
  /** Epochs of linear warm-up from 0; counted in the schedule. */
  warmupEpochs: z.number().min(0),
  /** exponential only: the rate is multiplied by decayRate every decayEpochs (staircase). */
  decayRate: fraction.exactOptional(),
  decayEpochs: z.number().gt(0).exactOptional(),
  /**
   * The rate of what the task puts behind the backbone is so many times the rate of the rest: a new head on weights that
   * know something. A recipe that says it is made for them: a training that begins with a bundle takes its base as it stands.
   */
  head: z.number().gt(0).exactOptional(),
})

/**
 * How to train, as data. `augmentation` and `loss` belong to the task.
 * The paper's own values: Tan et al. 2019 §4.1 and the authors' model code (the recipe `paper` of the task for image folders).
 */
export const recipeSchema = z.strictObject({
  optimizer,
  learningRate,
  epochs: z.int().min(1),
  batchSize: z.int().min(2),
  /** Batches whose gradients are averaged before an update; the last update of an epoch may have fewer. */
  accumulate: z.int().min(1).default(1),
  /** L2 penalty, part of the loss, on everything but batch-norm parameters. */
  weightDecay: z.number().min(0),
  /** Moving average of the weights with the warm-up min(decay, (1 + n) / (10 + n)), or none. */
  average: z.strictObject({ decay: fraction }).nullable().default(null),
  batchNormMomentum: fraction,
  /** Batch-norm statistics are computed anew on this many training images before an evaluation, or kept as training left them. */
  batchNormRecomputation: z
    .strictObject({ images: z.int().min(1) })
    .nullable()
    .default(null),
  /** Evaluate on the held-out split every so many epochs and keep the best weights; 0 = only at the end. */
  evaluateEveryEpochs: z.int().min(0).default(0),
  augmentation: z.record(z.string(), z.json()),
  loss: z.record(z.string(), z.json()),
})

export type Recipe = Readonly<z.infer<typeof recipeSchema>>

/** @throws MNAS_TRAIN_RECIPE naming the field */
export function parseRecipe(value: unknown): Recipe {
  const result = recipeSchema.safeParse(value)
  if (result.success) return result.data
  throw trainingErrors.MNAS_TRAIN_RECIPE({ issues: describeIssues(result.error, 'recipe') })
}
