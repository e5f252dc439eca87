import { join, resolve } from 'node:path'
import type { BlobStore, Hash, JobEnd, JobProgress, JobRequest, JobResult, TrialExecutor } from '../contracts/index.js'
import { toErrorRecord } from '../errors/index.js'
import { hashJson } from '../files/index.js'
import type { CheckpointRhythm } from '../training/index.js'
import type { TrainingSource } from './assignment.js'
import { folderBlobStore } from './folder-blob-store.js'
import { jobQueue } from './job-queue.js'
import { readJobResult } from './job-result.js'
import { runProcess } from './process/run-process.js'

export interface LocalExecutorOptions extends TrainingSource {
  /** Job folders (`<folder>/<job hash>`) and blobs (`<folder>/blobs`). */
  readonly folder: string
  /** Processes at once; default 1. How many threads each takes is the plans' business. */
  readonly capacity?: number
  /** Default: every five minutes, the last one stays. */
  readonly checkpoints?: Partial<CheckpointRhythm>
  /** A job's folder, when it should not be named by its hash. */
  readonly folderOf?: (job: Hash) => string
}

const defaultRhythm: CheckpointRhythm = { everyMs: 5 * 60_000, kept: 1 }

/**
 * Runs each job in a child process of its own, so that this process survives its death, stays responsive and can stop it. Job folders are its
 * own: whoever asks gets a result, and blobs.
 */
export function localExecutor(options: LocalExecutorOptions): TrialExecutor {
  const { manifests, data, lessMemory, capacity = 1 } = options
  // Whatever becomes of the folder that the program was started in: Node makes a relative path there without end once it is gone.
  const folder = resolve(options.folder)
  const blobFolder = join(folder, 'blobs')
  const blobs = folderBlobStore(blobFolder)
  const checkpoints = { ...defaultRhythm, ...options.checkpoints }
  const folderOf = options.folderOf ?? ((job: Hash) => join(folder, job))
  const queued = jobQueue(capacity)
  const closing = new AbortController()
  const running = new Set<Promise<unknown>>()

  const train = (id: Hash, request: JobRequest, hear: (progress: JobProgress) => void, signal: AbortSignal) => {
    const source = { manifests, data, ...(lessMemory !== undefined && { lessMemory }) }
    const order = { ...request, ...source, folder: folderOf(id), blobFolder, checkpoints }
    return runProcess({ kind: 'train', order }, hear, signal)
  }

  const run = async (request: JobRequest, hear: (progress: JobProgress) => void, signal: AbortSignal): Promise<JobEnd> => {
    const id = hashJson(request.job)
    const completed = (result: JobResult): JobEnd => ({ kind: 'completed', result })
    try {
      const known = await recorded(folderOf(id), blobs, request)
      if (known) return completed(known)
      return await queued(id, signal, async () => {
        // It may have been done meanwhile, for somebody who asked first.
        const done = await recorded(folderOf(id), blobs, request)
        return done ? completed(done) : await train(id, request, hear, signal)
      })
    } catch (error) {
      if (signal.aborted) throw signal.reason
      return { kind: 'failed', error: toErrorRecord(error) }
    }
  }

  return {
    capacity,
    blobs,
    async run(request, hear, signal) {
      const stop = AbortSignal.any([signal, closing.signal])
      stop.throwIfAborted()
      const end = run(request, hear, stop)
      running.add(end)
      try {
        return await end
      } finally {
        running.delete(end)
      }
    },
    async close() {
      closing.abort(new Error('the executor was closed'))
      await Promise.allSettled(running)
    },
  }
}

/**
 * What was recorded of a job that is done, where all that is asked for was kept.
 * @param folder the job's
 * @throws MNAS_CHECKPOINT_CORRUPT
 */
async function recorded(folder: string, blobs: BlobStore, { validate, keep }: JobRequest): Promise<JobResult | null> {
  const result = await readJobResult(folder)
  if (!result || (validate && result.validation === null)) return null
  for (const name of keep) {
    const hash = result.artefacts[name]
    if (hash === undefined || !(await blobs.has(hash))) return null
  }
  return result
}
