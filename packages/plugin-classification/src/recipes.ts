import type { JsonObject } from '@mnas/core/contracts'

const mildCrop = { area: [0.35, 1], aspect: [3 / 4, 4 / 3] } as const
/** Szegedy et al. 2015. */
const inceptionCrop = { area: [0.08, 1], aspect: [3 / 4, 4 / 3] } as const

/**
 * How classifiers are trained, as data (core's Recipe schema).
 *   proxy      a few epochs on a few thousand images, from scratch: ranks candidates in a search
 *   quick      tens of epochs, or `--time 20m` of them, on a small data set: the trained winner. The paper's optimizer and rate,
 *              cosine to 0, an average over the last few hundred steps
 *   paper      Tan et al. 2019 §4.1 and the authors' model code, for ImageNet
 *   fine-tune  some epochs from weights that know something: they move little, the new classifier much
 * Short trainings have too few steps for batch-norm averages of momentum .99: proxy and quick let them forget faster and compute them anew
 * before every evaluation.
 */
export const recipes = {
  proxy: {
    optimizer: { kind: 'sgd', momentum: 0.9 },
    learningRate: { base: 0.4, schedule: 'cosine', warmupEpochs: 0.5 },
    epochs: 3,
    batchSize: 32,
    weightDecay: 1e-4,
    average: null,
    batchNormMomentum: 0.9,
    batchNormRecomputation: { images: 1024 },
    augmentation: { crop: mildCrop, flip: true },
    loss: { labelSmoothing: 0 },
  },
  quick: {
    optimizer: { kind: 'rmsprop', decay: 0.9, momentum: 0.9, epsilon: 1e-3 },
    learningRate: { base: 0.016, schedule: 'cosine', warmupEpochs: 2 },
    epochs: 60,
    batchSize: 32,
    weightDecay: 1e-4,
    average: { decay: 0.998 },
    batchNormMomentum: 0.95,
    batchNormRecomputation: { images: 1024 },
    evaluateEveryEpochs: 5,
    augmentation: { crop: mildCrop, flip: true },
    loss: { labelSmoothing: 0.1 },
  },
  paper: {
    optimizer: { kind: 'rmsprop', decay: 0.9, momentum: 0.9, epsilon: 1e-3 },
    learningRate: { base: 0.016, schedule: 'exponential', warmupEpochs: 5, decayRate: 0.97, decayEpochs: 2.4 },
    epochs: 350,
    batchSize: 256,
    weightDecay: 1e-5,
    average: { decay: 0.9999 },
    batchNormMomentum: 0.99,
    batchNormRecomputation: null,
    evaluateEveryEpochs: 1,
    augmentation: { crop: inceptionCrop, flip: true },
    loss: { labelSmoothing: 0.1 },
  },
  'fine-tune': {
    optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true },
    // At 32 images .02 for the backbone and .1 for the classifier.
    learningRate: { base: 0.16, head: 5, schedule: 'cosine', warmupEpochs: 2 },
    epochs: 12,
    batchSize: 32,
    weightDecay: 1e-4,
    average: null,
    batchNormMomentum: 0.9,
    batchNormRecomputation: { images: 1024 },
    evaluateEveryEpochs: 2,
    augmentation: { crop: mildCrop, flip: true },
    loss: { labelSmoothing: 0.1 },
  },
} as const satisfies Readonly<Record<'proxy' | 'quick' | 'paper' | 'fine-tune', JsonObject>>
