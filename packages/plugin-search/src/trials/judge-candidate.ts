import { withFidelity } from '@mnas/core/architecture'
import type { Dataset, TrialExecutor } from '@mnas/core/contracts'
import { openData } from '@mnas/core/data'
import { findInference, judgeNetwork } from '@mnas/core/deployment'
import { withBlob } from '@mnas/core/jobs'
import { deviceContext } from '@mnas/core/measurement'
import { readSafetensors } from '@mnas/core/weights'
import type { Materials } from '../start/open-materials.js'
import type { Judge } from '../start/search.js'
import type { SearchRequest, Surroundings } from '../start/search-request.js'
import { shareOfJob } from '../start/share-of-job.js'
import { oneAtATime } from './one-at-a-time.js'

/** Judges trained candidates as files, and keeps the images open between two of them. */
export interface CandidateJudge {
  /** null: files are as they were trained, or nothing here runs them. */
  readonly judge: Judge | null
  close(): Promise<void>
}

export async function candidateJudge(
  request: SearchRequest,
  materials: Materials,
  around: Surroundings,
  blobs: TrialExecutor['blobs'],
): Promise<CandidateJudge> {
  const { proxy, exporter, precision, engine, devices } = materials
  const { task, place, backbones } = proxy
  const none = { judge: null, close: async () => undefined }
  if (precision === exporter.precisions[0] || backbones) return none
  const { registry, settings, reporter, signal } = around
  const { cacheFolder, cacheLimit: cacheLimitBytes } = settings
  const context = deviceContext(registry, { cacheFolder, signal, warn: reporter.warn })
  const found = await findInference(registry, devices.device, exporter.format, context)
  if (!found) {
    reporter.warn(`Nothing here runs ${exporter.format} files: accuracy is that before quantisation ("mnas device setup host")`)
    return none
  }
  const { infer } = found
  const { threads, workers } = shareOfJob(settings, request.jobs)
  let images: Promise<Dataset> | undefined
  const judge: Judge = async ({ architecture, fidelity }, weights) => {
    images ??= openData(task, { ...place, cacheFolder, cacheLimitBytes, workers }, { signal })
    const dataset = await images
    const { tensors } = await withBlob(blobs, weights, (path) => readSafetensors(path))
    const trained = withFidelity(architecture, fidelity)
    const shared = { task, exporter, precision, engine, infer, threads, workers, cacheFolder, signal }
    return judgeNetwork({ ...shared, architecture: trained, weights: tensors, dataset })
  }
  return {
    // Each takes the engine's share of the threads.
    judge: oneAtATime(judge),
    async close() {
      const dataset = await images?.catch(() => null)
      await dataset?.close()
      await found.close()
    },
  }
}
