import type { JobProgress } from '@mnas/core/contracts'
import type { Reporter } from '@mnas/core/events'

type Steps = Extract<JobProgress, { readonly kind: 'steps' }>

/** How far a search is. */
export interface BoardStatus {
  readonly text: string
  /** Null: not known yet. */
  readonly remainingSeconds: number | null
}

/**
 * Where each running trial tells how it gets on. Steps of all are shown as one line; a warning is said once: what one training has
 * to say of its plan, each of the others would say again.
 */
export interface ProgressBoard {
  of(trial: number): (progress: JobProgress) => void
  done(trial: number): void
}

/** @param status how far the whole search is; asked for when something is drawn, often */
export function progressBoard(reporter: Reporter, status: () => BoardStatus | null = () => null): ProgressBoard {
  const inTraining = new Map<number, Steps>()
  const warned = new Set<string>()
  const sum = (value: (steps: Steps) => number) => [...inTraining.values()].reduce((total, steps) => total + value(steps), 0)
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
    const trials = [...inTraining.keys()].sort((a, b) => a - b)
    const running = `${trials.length === 1 ? 'trial' : 'trials'} ${trials.join(', ')}${rate}`
    const steps = { done: sum(({ step }) => step), total: sum((one) => one.steps), unit: 'steps' }
    const known = status()
    const note = known ? `${known.text} · ${running}` : running
    const remainingSeconds = known?.remainingSeconds ?? undefined
    // What remains is said of the search, not of the training.
    const pace = remainingSeconds === undefined ? {} : { pace: { perSecond: undefined, remainingSeconds } }
    reporter.progress({ ...steps, note, ...pace })
  }
  return {
    of: (trial) => (progress) => {
      if (progress.kind === 'warning') return warn(progress.message)
      inTraining.set(trial, progress)
      draw()
    },
    done: (trial) => void inTraining.delete(trial),
  }
}
