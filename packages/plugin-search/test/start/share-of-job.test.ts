import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import { shareOfJob } from '#internal/start/share-of-job.js'

describe('what one of several trainings may take', () => {
  it.each([
    ['all that the settings say when it is alone', { threads: 0, workers: 3 }, 1, { threads: 0, workers: 3 }],
    ['the threads that were asked for, and its part of the workers', { threads: 5, workers: 7 }, 2, { threads: 5, workers: 3 }],
    ['a worker at least, where there are any', { threads: 1, workers: 2 }, 8, { threads: 1, workers: 1 }],
    ['no worker where there is none', { threads: 1, workers: 0 }, 2, { threads: 1, workers: 0 }],
  ])('%s', (_, settings, jobs, share) => expect(shareOfJob(settings, jobs)).toEqual(share))

  it('never "as many threads as there are" beside others: all of them together take what the processor has, or one each', () => {
    const processors = availableParallelism()
    for (const jobs of [2, 3, 64]) {
      const { threads } = shareOfJob({ threads: 0, workers: 0 }, jobs)
      expect(threads).toBeGreaterThanOrEqual(1)
      expect(threads * jobs).toBeLessThanOrEqual(Math.max(processors, jobs))
    }
  })
})
