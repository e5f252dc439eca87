import type { JobProgress } from '@mnas/core/contracts'
import type { Reporter } from '@mnas/core/events'

type Steps = Extract<JobProgress, { readonly kind: 'steps' }>

/**
 * Where each running trial tells how it gets on. Steps of all are shown as one line; a warning is said once: what one training has
 * to say of its plan, each of the others would say again.
 */
export interface ProgressBoard {
  of(trial: number): (progress: JobProgress) => void
  done(trial: number): void
}

export function progressBoard(reporter: Reporter): ProgressBoard {
  const running = new Map<number, Steps>()
  const warned = new Set<string>()
  const sum = (value: (steps: Steps) => number) => [...running.values()].reduce((total, steps) => total + value(steps), 0)
  const warn = (message: string): void => {
    // Of another network it tells other numbers (how long an image takes), and nothing else that is new.
    const said = message.replaceAll(/\d+(\.\d+)?/g, '#')
    if (warned.has(said)) return
    warned.add(said)
    reporter.warn(message)
  }
  const draw = (): void => {
    const imagesPerSecond = sum((one) => one.imagesPerSecond)
    const rate = imagesPerSecond > 0 ? `, ${imagesPerSecond.toFixed(0)} images/s` : ''
    const trials = [...running.keys()].sort((a, b) => a - b)
    const note = `${trials.length === 1 ? 'trial' : 'trials'} ${trials.join(', ')}${rate}`
    reporter.progress({ done: sum(({ step }) => step), total: sum((one) => one.steps), unit: 'steps', note })
  }
  return {
    of: (trial) => (progress) => {
      if (progress.kind === 'warning') return warn(progress.message)
      running.set(trial, progress)
      draw()
    },
    done: (trial) => void running.delete(trial),
  }
}
