import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BlobStore, Hash, JobProgress, JobRequest, JobResult, TrialExecutor } from '../../../contracts/index.js'
import type { PluginManifest } from '../../../plugins/index.js'
import { check } from '../check.js'

/** What an executor under test is made with. */
export interface ExecutorSetup {
  /** Jobs at once that the case would like; an executor may take fewer. */
  readonly capacity: number
  /** Plug-ins that its jobs need. Their images are made of nothing: any folder is as good as another. */
  readonly manifests: readonly PluginManifest[]
}

/** Makes an executor that has done nothing yet: with stores of its own, empty ones. */
export type CreateExecutor = (setup: ExecutorSetup) => Promise<TrialExecutor>

const never = new AbortController().signal

/** What one case works with. */
export interface ExecutorBench {
  readonly executor: TrialExecutor
  /** Makes another one, with other stores; the case closes it. */
  another(): Promise<TrialExecutor>
  /** Runs a job that must complete. */
  complete(request: JobRequest, hear?: (progress: JobProgress) => void): Promise<JobResult>
  /** Runs a job until it was heard to have done so many steps, and waits until it has stopped. */
  stopAfter(request: JobRequest, steps: number): Promise<void>
}

export function executorBench(executor: TrialExecutor, another: () => Promise<TrialExecutor>): ExecutorBench {
  return {
    executor,
    another,
    complete: (request, hear) => completed(executor, request, hear),
    async stopAfter(request, steps) {
      const abort = new AbortController()
      const reason = new Error('stop')
      const hear = (progress: JobProgress) => {
        if (progress.kind === 'steps' && progress.step >= steps) abort.abort(reason)
      }
      const outcome = await executor.run(request, hear, abort.signal).catch((error: unknown) => error)
      const received = outcome instanceof Error ? outcome.message : JSON.stringify(outcome)
      check(outcome === reason, 'run() under a signal that aborts', "a rejection with the signal's reason", received)
    },
  }
}

export async function completed(
  executor: TrialExecutor,
  request: JobRequest,
  hear: (progress: JobProgress) => void = () => undefined,
): Promise<JobResult> {
  const end = await executor.run(request, hear, never)
  const received = end.kind === 'completed' ? end.kind : `${end.kind} (${end.error.message})`
  check(end.kind === 'completed', 'end of a job', 'completed', received)
  return end.result
}

/** The bytes of a blob, through a file as everybody gets them. */
export async function bytesOf(blobs: BlobStore, hash: Hash): Promise<Buffer> {
  return withFolder(async (folder) => {
    const path = join(folder, 'blob')
    await blobs.get(hash, path)
    return readFile(path)
  })
}

export async function putText(blobs: BlobStore, text: string): Promise<Hash> {
  return withFolder(async (folder) => {
    const path = join(folder, 'text')
    await writeFile(path, text)
    return blobs.put(path)
  })
}

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'mnas-executor-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
