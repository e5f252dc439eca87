import { availableParallelism } from 'node:os'
import type { Settings } from '@mnas/core/config'

/** What one of several trainings on this computer may take. */
export interface ShareOfJob {
  /** Of a training step; 0 = as many as the processor has. */
  readonly threads: number
  /** That decode images; 0 = none but the training process itself. */
  readonly workers: number
}

/** As the settings say, else an equal share: trainings side by side must not take each other's cores. */
export function shareOfJob({ threads, workers }: Pick<Settings, 'threads' | 'workers'>, jobs: number): ShareOfJob {
  if (jobs === 1) return { threads, workers }
  const share = (whole: number) => Math.max(1, Math.floor(whole / jobs))
  return {
    threads: threads > 0 ? threads : share(availableParallelism()),
    workers: workers === 0 ? 0 : share(workers),
  }
}
