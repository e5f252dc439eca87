import type { ExecutionPlan, Metrics, TrialExecutor, TrialJob } from '@mnas/core/contracts'
import type { Reporter } from '@mnas/core/events'
import { trainCandidate } from '../trials/train-candidate.js'
import type { NetworkJobs } from './check-jobs.js'
import type { CheckedNetwork } from './judge-proxies.js'
import { spreadOrder } from './spread-order.js'

export interface NetworkTraining {
  /** From small to large. */
  readonly networks: readonly NetworkJobs[]
  readonly executor: TrialExecutor
  readonly plan: ExecutionPlan
  /** Whether another training may begin. */
  hasTime(): boolean
  readonly reporter: Reporter
  readonly signal: AbortSignal
}

export interface TrainedNetworks {
  /** Those whose trainings are all done. */
  readonly complete: readonly CheckedNetwork[]
  /** Networks of which a training failed: they say nothing. */
  readonly failed: number
}

class TimeOver extends Error {}

/**
 * Trains network by network, the smallest, the largest and those between in turn: what is done when the time is over can be compared, and
 * is spread over all sizes. A training that was done before is told again by the executor. @throws the signal's reason
 */
export async function trainNetworks(training: NetworkTraining): Promise<TrainedNetworks> {
  const { networks, reporter } = training
  const complete: CheckedNetwork[] = []
  const jobsEach = networks[0] ? networks[0].references.length + networks[0].proxies.length : 0
  const total = networks.length * jobsEach
  let failed = 0
  for (const [index, position] of spreadOrder(networks.length).entries()) {
    const { references, proxies } = networks[position]!
    const metrics: Metrics[] = []
    try {
      for (const job of [...references, ...proxies]) {
        reporter.progress({ done: index * jobsEach + metrics.length, total, unit: 'trainings' })
        const trained = await train(job, training)
        if (trained === null) break
        metrics.push(trained)
      }
    } catch (error) {
      if (error instanceof TimeOver) break
      throw error
    }
    if (metrics.length < jobsEach) failed++
    else complete.push({ references: metrics.slice(0, references.length), proxies: metrics.slice(references.length) })
  }
  reporter.progress({ done: (complete.length + failed) * jobsEach, total, unit: 'trainings' })
  return { complete, failed }
}

/** @returns metrics of the held-out images; null: it failed. @throws TimeOver */
async function train(job: TrialJob, { executor, plan, hasTime, reporter, signal }: NetworkTraining): Promise<Metrics | null> {
  if (!hasTime()) throw new TimeOver()
  const warn = (message: string) => reporter.warn(message)
  const hear: Parameters<typeof trainCandidate>[2] = (heard) => void (heard.kind === 'warning' && warn(heard.message))
  const end = await trainCandidate(executor, { job, plan, validate: false, keep: [] }, hear, signal)
  if (end.kind === 'completed') return end.result.metrics
  warn(`A training of "${job.architecture.name}" failed, so this network is left out: ${end.error.message}`)
  return null
}
