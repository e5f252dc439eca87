import type { JobProgress } from '@mnas/core/contracts'
import type { Reporter } from '@mnas/core/events'

type Steps = Extract<JobProgress, { readonly kind: 'steps' }>

/** Where each running trial tells its steps; they are shown as one line. */
export interface ProgressBoard {
  of(trial: number): (steps: Steps) => void
  done(trial: number): void
}

export function progressBoard(reporter: Reporter): ProgressBoard {
  const running = new Map<number, Steps>()
  const sum = (value: (steps: Steps) => number) => [...running.values()].reduce((total, steps) => total + value(steps), 0)
  return {
    of: (trial) => (steps) => {
      running.set(trial, steps)
      const imagesPerSecond = sum((one) => one.imagesPerSecond)
      const rate = imagesPerSecond > 0 ? `, ${imagesPerSecond.toFixed(0)} images/s` : ''
      const trials = [...running.keys()].sort((a, b) => a - b)
      const note = `${trials.length === 1 ? 'trial' : 'trials'} ${trials.join(', ')}${rate}`
      reporter.progress({ done: sum(({ step }) => step), total: sum((one) => one.steps), unit: 'steps', note })
    },
    done: (trial) => void running.delete(trial),
  }
}
