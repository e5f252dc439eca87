import type { BlobStore, ExecutionPlan, TrialExecutor } from '@mnas/core/contracts'
import type { Backbones } from './backbones.js'

/** Trains nothing: answers each job with what another run has found of its network. @param jobs at once */
export function toldExecutor({ metricsOf }: Pick<Backbones, 'metricsOf'>, capacity: number): TrialExecutor {
  return {
    capacity,
    blobs: noBlobs,
    run: async ({ job, plan }) => ({ kind: 'completed', result: resultOf(metricsOf(job.architecture), plan as ExecutionPlan) }),
    close: async () => undefined,
  }
}

const resultOf = (metrics: ReturnType<Backbones['metricsOf']>, plan: ExecutionPlan) => ({
  ...{ metrics, validation: null, details: null, history: [], step: 0, skipped: [] },
  ...{ plan, artefacts: {} },
})

const nothing = () => Promise.reject(new Error('nothing was trained, so there are no weights'))
const noBlobs: BlobStore = { put: nothing, get: nothing, has: async () => false, delete: async () => undefined }
