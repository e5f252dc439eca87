import { readDataPlace } from '../bundle/index.js'
import type { DataPlace, Dataset, DeviceContext } from '../contracts/index.js'
import { describeLabels, openData, sameLabels } from '../data/index.js'
import type { Reporter } from '../events/index.js'
import { exists } from '../files/index.js'
import { exportsFolderOf } from './files/export-model.js'
import { requireOutsideImages } from './files/require-outside-images.js'
import type { DeployableModel } from './load-model.js'

interface ImagesWish {
  /** Default: those that `train` wrote down beside the bundle. */
  readonly data?: DataPlace
  /** The folder that is written into, which must not lie among them. Default: the bundle's `exports/`, else `exports/` here. */
  readonly out?: string
  readonly context: Pick<DeviceContext, 'cacheFolder' | 'signal'>
  readonly cacheLimitBytes: number
  readonly workers: number
  readonly reporter: Reporter
}

/** With the images to calibrate and verify on; null: there are none. */
export async function onImages<T>(
  request: ImagesWish,
  model: DeployableModel,
  work: (dataset: Dataset | null) => Promise<T>,
): Promise<T> {
  const { task, folder, bundle } = model
  const { context, cacheLimitBytes, workers, reporter } = request
  const place = request.data ?? (folder === null ? null : await recordedPlace(folder, reporter))
  if (place === null) return work(null)
  // A bundle's own exports/ lies where the bundle lies already.
  await requireOutsideImages(request.out ?? (folder === null ? exportsFolderOf(model) : undefined), place.folder)
  const source = { ...place, cacheFolder: context.cacheFolder, cacheLimitBytes, workers }
  const reading = { purpose: 'evaluation', preprocessing: bundle?.preprocessing, reporter, signal: context.signal } as const
  const dataset = await openData(task, source, reading)
  try {
    if (!labelsAgree(model, dataset)) warnOfLabels(model, dataset, place.folder, reporter)
    return await work(dataset)
  } finally {
    await dataset.close()
  }
}

/** Weights that nobody trained have no classes of their own. */
export const labelsAgree = ({ labels }: Pick<DeployableModel, 'labels'>, dataset: Dataset): boolean =>
  labels === null || sameLabels(labels, dataset.labels)

/** Files can be calibrated on any photos and compared with the model on them; how often an answer is right, these do not tell. */
function warnOfLabels({ labels }: DeployableModel, dataset: Dataset, folder: string, reporter: Reporter): void {
  const [expected, received] = [labels ?? [], dataset.labels].map(describeLabels)
  reporter.warn(
    `The classes of "${folder}" (${received}) are not the model's (${expected}): files are compared with the model, ` +
      'but nothing is said of how often they are right, and --max-drop does not apply',
  )
}

/** A bundle that was copied to another computer still deploys; its images need not have come along. */
async function recordedPlace(bundleFolder: string, reporter: Reporter): Promise<DataPlace | null> {
  const recorded = await readDataPlace(bundleFolder)
  if (recorded === null || (await exists(recorded.folder))) return recorded
  reporter.warn(
    `The images that this model was trained on are no longer in "${recorded.folder}"; checking the file on synthetic inputs (--data DIR)`,
  )
  return null
}
