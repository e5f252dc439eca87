import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Hash, TrialExecutor, TrialJob } from '../contracts/index.js'
import type { DataSource } from '../data/index.js'
import { hashJson } from '../files/index.js'
import type { PluginManifest } from '../plugins/index.js'
import type { Assignment } from './assignment.js'
import { type RunningProcess, startProcess } from './start-process.js'

export interface LocalExecutorOptions {
  readonly manifests: readonly PluginManifest[]
  /** Job folders (`<folder>/<job hash>`) and blobs (`<folder>/blobs`). */
  readonly folder: string
  readonly data: DataSource
  readonly checkpointEveryMs?: number
  readonly checkpointsKept?: number
  readonly validate?: boolean
  readonly keepCheckpoint?: boolean
  /** A job's folder, when it should not be named by its hash. */
  readonly folderOf?: (job: Hash) => string
}

export const defaultCheckpointEveryMs = 5 * 60_000
/**
 * Runs each job in a child process of its own, so that this process survives its death, stays responsive and can stop it. A job that was
 * interrupted continues from its last checkpoint when it is submitted again; a job that is done is told again at once.
 */
export function localExecutor(options: LocalExecutorOptions): TrialExecutor {
  const events = new Readable({ objectMode: true, read: () => undefined })
  const running = new Map<Hash, RunningProcess>()
  const folderOf = options.folderOf ?? ((job: Hash) => join(options.folder, job))

  const submit = async (job: TrialJob): Promise<Hash> => {
    const id = hashJson(job)
    const assignment: Assignment = {
      manifests: options.manifests,
      job,
      folder: folderOf(id),
      blobFolder: join(options.folder, 'blobs'),
      data: options.data,
      checkpointEveryMs: options.checkpointEveryMs ?? defaultCheckpointEveryMs,
      checkpointsKept: options.checkpointsKept ?? 1,
      validate: options.validate ?? false,
      keepCheckpoint: options.keepCheckpoint ?? false,
    }
    const started = startProcess({ kind: 'train', assignment }, (event) => events.push(event))
    running.set(id, started)
    void started.ended.then(() => running.delete(id))
    return id
  }

  const cancel = async (job: Hash): Promise<void> => {
    const process = running.get(job)
    process?.cancel()
    await process?.ended
  }

  return {
    submit,
    cancel,
    events: () => events,
    async close() {
      await Promise.all([...running.keys()].map(cancel))
      events.push(null)
    },
  }
}
