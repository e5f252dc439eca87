import type { DataPlace, Dataset, OpenOptions, Preprocessing, Task } from '../contracts/index.js'
import type { Reporter } from '../events/index.js'
import { quietMachine } from '../measurement/index.js'
import { openedEvent } from './data-event.js'
import { describeData } from './describe-data.js'

/** Images on this computer, and what may be used to read them. */
export interface DataSource extends DataPlace {
  readonly cacheFolder: string
  readonly cacheLimitBytes: number
  /** Threads that decode; 0 = none but the process itself. */
  readonly workers: number
}

export interface DataSurroundings {
  readonly signal: AbortSignal
  /** Default: training. */
  readonly purpose?: OpenOptions['purpose']
  readonly refuse?: OpenOptions['refuse']
  /** Default: the task's own. */
  readonly preprocessing?: Preprocessing | undefined
  /** Is told what was found. A training process has none: who started it has told already. */
  readonly reporter?: Reporter
  /** Default: the quiet machine's. */
  readonly whileWorking?: OpenOptions['whileWorking']
}

/** Opens a folder of images and says what it holds, before anything is done with it. The caller closes it. @throws MNAS_DATA_… */
export async function openData(task: Task, source: DataSource, around: DataSurroundings): Promise<Dataset> {
  const { folder, classFolders, cacheFolder, cacheLimitBytes } = source
  const { reporter, preprocessing, purpose, refuse, signal } = around
  reporter?.stage('images', folder)
  const dataset = await task.open({
    folder,
    cacheFolder,
    cacheLimitBytes,
    ...(purpose && { purpose }),
    ...(refuse && { refuse }),
    ...(classFolders && { classFolders }),
    ...(preprocessing && { preprocessing }),
    ...(reporter && { report: ({ done, total }) => reporter.progress({ done, total, unit: 'images' }) }),
    whileWorking: around.whileWorking ?? quietMachine(cacheFolder, { signal, warn: reporter?.warn }).whileWorking,
    signal,
  })
  if (dataset.takenFor !== undefined) reporter?.note(dataset.takenFor)
  reporter?.note(describeData(dataset, purpose), openedEvent(dataset))
  for (const warning of dataset.warnings ?? []) reporter?.warn(warning)
  return dataset
}
