import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BlobStore, Hash, JobEnd, JobProgress, JobRequest, JobResult, TrialExecutor } from '@mnas/core/contracts'
import { coreErrors, toErrorRecord } from '@mnas/core/errors'
import { hashBytes, hashJson } from '@mnas/core/files'
import { performJob } from '@mnas/core/jobs'
import { createRegistry } from '@mnas/core/plugins'
import type { CreateExecutor } from '@mnas/core/testing'
import { bestWeightsFile, checkpointFile } from '@mnas/core/training'
import { jobQueue } from '#internal/jobs/job-queue.js'

/** Blobs in memory: what a machine elsewhere would have to fetch. */
function memoryBlobs(): BlobStore {
  const blobs = new Map<Hash, Uint8Array>()
  return {
    async put(path) {
      const bytes = await readFile(path)
      blobs.set(hashBytes(bytes), bytes)
      return hashBytes(bytes)
    },
    async get(hash, path) {
      const bytes = blobs.get(hash)
      if (!bytes) throw coreErrors.MNAS_FILE_MISSING({ path: hash, what: 'Blob' })
      await writeFile(path, bytes)
    },
    has: async (hash) => blobs.has(hash),
    delete: async (hash) => void blobs.delete(hash),
  }
}

/** What a job needs of its folder to go on elsewhere. */
const portable = [checkpointFile, bestWeightsFile]

/**
 * Trains in this process, each attempt in a folder that is gone afterwards: nothing is shared but blobs, as between machines. It shows that the
 * contract asks for no more than that.
 */
export const inProcessExecutor: CreateExecutor = async ({ capacity, manifests }): Promise<TrialExecutor> => {
  const registry = createRegistry(manifests)
  const blobs = memoryBlobs()
  const results = new Map<Hash, JobResult>()
  const begun = new Map<Hash, readonly (Hash | null)[]>()
  const queued = jobQueue(capacity)
  const closing = new AbortController()
  const running = new Set<Promise<unknown>>()

  const told = async (id: Hash, { validate, keep }: JobRequest): Promise<JobResult | null> => {
    const result = results.get(id)
    if (!result || (validate && !result.validation)) return null
    const kept = await Promise.all(keep.map((name) => blobs.has(result.artefacts[name] ?? '')))
    return kept.every(Boolean) ? result : null
  }

  const attempt = async (id: Hash, request: JobRequest, hear: (progress: JobProgress) => void, signal: AbortSignal) => {
    const folder = await mkdtemp(join(tmpdir(), 'mnas-in-process-'))
    try {
      const files = portable.map((fileOf) => fileOf(folder))
      for (const [index, hash] of (begun.get(id) ?? []).entries()) if (hash !== null) await blobs.get(hash, files[index]!)
      const data = { folder, cacheFolder: folder, cacheLimitBytes: 0, workers: 0 }
      const checkpoints = { everyMs: 60_000, kept: 1 }
      const runtime = { workers: 0, whileWorking: <T>(work: () => Promise<T>) => work(), signal, checkpoints }
      try {
        const result = await performJob(request, { registry, data, runtime, folder, blobs, hear })
        results.set(id, result)
        begun.delete(id)
        return result
      } catch (error) {
        begun.set(id, await Promise.all(files.map(async (file) => ((await exists(file)) ? blobs.put(file) : null))))
        throw error
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  }

  const run = async (request: JobRequest, hear: (progress: JobProgress) => void, signal: AbortSignal): Promise<JobEnd> => {
    const id = hashJson(request.job)
    try {
      const result = await queued(id, signal, async () => (await told(id, request)) ?? (await attempt(id, request, hear, signal)))
      return { kind: 'completed', result }
    } catch (error) {
      signal.throwIfAborted()
      return { kind: 'failed', error: toErrorRecord(error) }
    }
  }

  return {
    capacity,
    blobs,
    async run(request, hear, signal) {
      const end = run(request, hear, AbortSignal.any([signal, closing.signal]))
      running.add(end)
      return end.finally(() => running.delete(end))
    },
    async close() {
      closing.abort(new Error('closed'))
      await Promise.allSettled(running)
    },
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
