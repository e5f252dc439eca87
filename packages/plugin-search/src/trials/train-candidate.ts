import type { Estimate, JobEvent, TrialExecutor, TrialJob } from '@mnas/core/contracts'
import type { MnasErrorRecord } from '@mnas/core/errors'

/** How one job ended. */
export type JobEnd =
  | { readonly kind: 'completed'; readonly estimate: Estimate }
  | { readonly kind: 'failed' | 'lost'; readonly error: MnasErrorRecord }

/** A lost job continues from its checkpoint when it is submitted again. */
const submissions = 3

export interface JobRunner {
  /** One job at a time. @throws the signal's reason when it was aborted, after the job has ended cleanly */
  run(job: TrialJob, report: (event: JobEvent) => void): Promise<JobEnd>
}

/** Runs jobs one after another on an executor, whose events it alone reads. */
export function jobRunner(executor: TrialExecutor, signal: AbortSignal): JobRunner {
  const events = executor.events()[Symbol.asyncIterator]()

  const runOnce = async (job: TrialJob, report: (event: JobEvent) => void): Promise<JobEnd> => {
    signal.throwIfAborted()
    const id = await executor.submit(job)
    const cancel = () => void executor.cancel(id)
    signal.addEventListener('abort', cancel, { once: true })
    if (signal.aborted) cancel()
    try {
      return await endOf(id, report)
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  }

  const endOf = async (id: string, report: (event: JobEvent) => void): Promise<JobEnd> => {
    while (true) {
      const { value: event, done } = await events.next()
      if (done) throw new Error('the executor ended while a job was running')
      if (event.job !== id) continue
      switch (event.kind) {
        case 'completed':
          return { kind: 'completed', estimate: event.estimate }
        case 'failed':
        case 'lost':
          signal.throwIfAborted()
          return { kind: event.kind, error: event.error }
        case 'cancelled':
          signal.throwIfAborted()
          throw new Error('a job was cancelled that nobody cancelled')
        case 'started':
        case 'beat':
        case 'progress':
          report(event)
          break
        default:
          throw event satisfies never
      }
    }
  }

  return {
    async run(job, report) {
      for (let attempt = 1; ; attempt++) {
        const end = await runOnce(job, report)
        if (end.kind !== 'lost' || attempt === submissions) return end
      }
    },
  }
}
