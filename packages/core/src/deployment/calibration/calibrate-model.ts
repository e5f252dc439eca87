import type { Calibration, Dataset, Precision, Split, TrainingEngine } from '../../contracts/index.js'
import { contractErrors } from '../../errors/index.js'
import type { Reporter } from '../../events/index.js'
import { quietMachine } from '../../measurement/index.js'
import type { DeployableModel } from '../load-model.js'
import { type Example, examplesOf } from '../verification/example.js'
import { syntheticBatches } from '../verification/verification-inputs.js'
import type { Infer } from '../verification/verify-files.js'
import { calibrationOf } from './calibration-of.js'
import { drawImages, drawPositions } from './draw-images.js'

export interface CalibrationWish {
  /** Drawn from the training split. */
  readonly images: number
  readonly seed: number
}

export interface CalibrationRequest {
  readonly model: DeployableModel
  /** Of the files. */
  readonly format: string
  readonly precisions: readonly Precision[]
  readonly wish: CalibrationWish
  readonly engine: TrainingEngine
  /** Of the engine; 0 = all. */
  readonly threads: number
  readonly dataset: Dataset | null
  /** How to run a file; null: nothing here can. */
  readonly infer: Infer | null
  readonly cacheFolder: string
  readonly reporter: Reporter
  readonly signal: AbortSignal
}

export interface ModelCalibration {
  /** undefined: no precision needs one, or there are no images. */
  readonly calibration: Calibration | undefined
  /** On a few of the same images: for what is asked layer by layer. */
  readonly few: Calibration | undefined
  /** Identities of the images that it looks at. */
  readonly identities: ReadonlySet<bigint>
}

const none: ModelCalibration = { calibration: undefined, few: undefined, identities: new Set() }
const fewImages = 32

/** Those that look at real images. */
const calibrated: readonly Precision[] = ['weights', 'dynamic', 'int8']
/** Those that cannot be written without: the ranges of values stand in the file. */
const needingImages: readonly Precision[] = ['int8']

/**
 * Draws the images that quantised files are calibrated on. A model without trained weights that has no images gets drawn ones: there is nothing in
 * it to lose, and its file takes the same time.
 * @throws MNAS_EXPORT_CALIBRATION
 */
export async function calibrateModel(request: CalibrationRequest): Promise<ModelCalibration> {
  const { model, format, precisions, dataset } = request
  if (!precisions.some((precision) => calibrated.includes(precision))) return none
  if (dataset) return onImages(request, dataset)
  if (model.trained) {
    const precision = precisions.find((one) => needingImages.includes(one))
    if (precision) throw contractErrors.MNAS_EXPORT_CALIBRATION({ format, precision })
    request.reporter.note('There are no images: biases of quantised layers are not corrected (--data DIR)')
    return none
  }
  const examples = await syntheticExamples(model)
  return { ...none, calibration: calibrationWith(request, examples, true) }
}

async function onImages(request: CalibrationRequest, dataset: Dataset): Promise<ModelCalibration> {
  const { model, wish, reporter, signal } = request
  const split: Split = dataset.size('train') > 0 ? 'train' : 'all'
  const { architecture, targets } = model
  const size = Math.min(wish.images, dataset.size(split))
  reporter.stage('Calibrate', `${size} of ${dataset.size(split)} training images, seed ${wish.seed}`)
  const drawn = await drawImages({ dataset, split, inputSize: architecture.input.size, targets, ...wish, signal })
  const spread = drawPositions(drawn.examples.length, fewImages, wish.seed).map((position) => drawn.examples[position]!)
  return {
    calibration: calibrationWith(request, drawn.examples, false),
    few: calibrationWith(request, spread, false),
    identities: drawn.identities,
  }
}

function calibrationWith(request: CalibrationRequest, examples: readonly Example[], synthetic: boolean): Calibration {
  const { model, engine, threads, infer, cacheFolder, signal, reporter } = request
  const { whileWorking } = quietMachine(cacheFolder, { signal, warn: reporter.warn })
  return calibrationOf({ model, engine, threads, examples, synthetic, infer, whileWorking })
}

const syntheticImages = 8
const syntheticSeed = 2

async function syntheticExamples({ graph, preprocessing }: DeployableModel): Promise<readonly Example[]> {
  const examples: Example[] = []
  for await (const batch of syntheticBatches(graph, preprocessing, syntheticImages, syntheticSeed))
    examples.push(...examplesOf(batch))
  return examples
}
