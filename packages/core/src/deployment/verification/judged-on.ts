import type { Comparison, Dataset, Split } from '../../contracts/index.js'
import type { FileFacts } from '../files/file-facts.js'
import type { DeployableModel } from '../load-model.js'
import type { Inference } from './find-inference.js'

/**
 * How good a file is, and on what exactly, so that it can be claimed; null where nobody knows the truth of the images.
 * @param images that were asked
 */
export function judgedOn(
  on: {
    readonly model: Pick<DeployableModel, 'task'>
    readonly dataset: Pick<Dataset, 'fingerprint' | 'size'> | null
    readonly runtime: Inference['runtime'] | null
    readonly split: Split
  },
  images: number,
  { quality }: Pick<Comparison, 'quality'>,
): NonNullable<FileFacts['agreement']>['judged'] | null {
  const { model, dataset, runtime, split } = on
  if (!dataset || !quality || !runtime) return null
  const { name, version } = runtime
  return {
    metric: model.task.headlines[0].name,
    ...{ file: quality.file, model: quality.engine },
    ...{ data: dataset.fingerprint, split, whole: images === dataset.size(split) },
    runtime: { name, version },
    at: new Date().toISOString(),
  }
}
