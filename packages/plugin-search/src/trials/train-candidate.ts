import type { JobEnd, JobProgress, JobRequest, TrialExecutor } from '@mnas/core/contracts'

/** A lost job goes on from its checkpoint when it is run again. */
const attempts = 3

/**
 * Trains a candidate; what it runs in may be lost a few times. @throws the signal's reason when it was aborted, after the job
 * has ended cleanly
 */
export async function trainCandidate(
  executor: TrialExecutor,
  request: JobRequest,
  hear: (progress: JobProgress) => void,
  signal: AbortSignal,
): Promise<JobEnd> {
  for (let attempt = 1; ; attempt++) {
    const end = await executor.run(request, hear, signal)
    if (end.kind !== 'lost' || attempt === attempts) return end
  }
}
