import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Architecture } from '../../architecture/index.js'
import type { Dataset, Exporter, Precision, QuantizedQuality, Task, Tensors, TrainingEngine } from '../../contracts/index.js'
import { createReporter } from '../../events/index.js'
import { calibrateModel } from '../calibration/calibrate-model.js'
import { exportModel } from '../files/export-model.js'
import { deployableModel } from '../load-model.js'
import { forInputsOf } from './find-inference.js'
import type { Infer } from './verify-files.js'
import { verifyModel } from './verify-model.js'

export interface NetworkToJudge {
  /** As it was trained. */
  readonly architecture: Architecture
  readonly task: Task
  readonly weights: Tensors
  readonly exporter: Exporter
  readonly precision: Precision
  readonly engine: TrainingEngine
  /** Of the engine; 0 = all. */
  readonly threads: number
  readonly workers: number
  /** Calibrates on its training images and judges on those held out. */
  readonly dataset: Dataset
  /** How to run files of the exporter's format. */
  readonly infer: Infer
  readonly cacheFolder: string
  readonly signal: AbortSignal
}

/** As `deploy` draws them unless it is told otherwise. */
const calibration = { images: 200, seed: 0 }

/**
 * What a network that was just trained is worth as a file of some precision: calibrated as by `deploy`, and compared with the engine on the
 * held-out images, which chose its weights too. The file does not stay.
 * @returns null where the truth about the images is not known
 * @throws MNAS_EXPORT_…, MNAS_DEPLOY_OUTPUT, what runtime and data throw, the signal's reason
 */
export async function judgeNetwork(network: NetworkToJudge): Promise<QuantizedQuality | null> {
  const { architecture, task, weights, exporter, precision, dataset } = network
  const model = deployableModel(task, architecture, weights)
  const shared = { ...network, model, infer: forInputsOf(model.preprocessing, network.infer), reporter: createReporter('silent') }
  const calibrated = await calibrateModel({ ...shared, format: exporter.format, precisions: [precision], wish: calibration })
  const folder = await mkdtemp(join(tmpdir(), 'mnas-judge-'))
  try {
    const file = await exportModel(exporter, model, {
      ...{ folder, precision, calibration: calibrated.calibration },
      postProcessing: false,
    })
    const on = {
      dataset,
      split: 'heldOut',
      images: dataset.size('heldOut'),
      except: new Set<bigint>(),
      sameLabels: true,
    } as const
    const { verdicts, images } = await verifyModel({ ...shared, files: [file], postProcessing: undefined, on })
    const { quality, sameAnswers, distance } = verdicts[0]!.comparison
    return quality && { precision, quality: quality.file, sameAnswers, distance, images }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
