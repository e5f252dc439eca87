import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Hash, JobEvent, TrialExecutor, TrialJob } from '../contracts/index.js'
import { hashJson } from '../files/index.js'
import type { PluginManifest } from '../plugins/index.js'
import type { Assignment, DataSource, WorkerReport, WorkerRequest } from './assignment.js'
import { describeDeath } from './memory/describe-death.js'
import { outOfMemoryKills } from './memory/memory-room.js'
import { factsOf, type MemoryFacts } from './memory/out-of-memory.js'
import { trainingProcessEnvironment } from './process-environment.js'

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
/** A process that is silent for so long, and for ten of its longest silences so far, hangs. A step blocks a process; nothing else does. */
const smallestSilenceMs = 180_000
const silencesAllowed = 10
const keptStderrCharacters = 4000

interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<void>
}

/**
 * Runs each job in a child process of its own, so that this process survives its death, stays responsive and can stop it. A job that was
 * interrupted continues from its last checkpoint when it is submitted again; a job that is done is told again at once.
 */
export function localExecutor(options: LocalExecutorOptions): TrialExecutor {
  const events = new Readable({ objectMode: true, read: () => undefined })
  const running = new Map<Hash, Running>()
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
    const started = startProcess(assignment, id, (event) => events.push(event))
    running.set(id, started)
    void started.ended.then(() => running.delete(id))
    return id
  }

  const cancel = async (job: Hash): Promise<void> => {
    const process = running.get(job)
    if (process?.child.connected) process.child.send({ kind: 'cancel' } satisfies WorkerRequest)
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

function startProcess(assignment: Assignment, job: Hash, emit: (event: JobEvent) => void): Running {
  const child = fork(fileURLToPath(new URL('./training-process.js', import.meta.url)), [], {
    env: trainingProcessEnvironment(),
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const killsBefore = outOfMemoryKills()
  const watch = watchSilence(() => child.kill('SIGKILL'))
  let facts: MemoryFacts | null = null
  let finished = false
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-keptStderrCharacters)
  })
  child.on('message', (event: WorkerReport) => {
    watch.heard()
    if (event.kind === 'memory') {
      facts = event.facts
      return
    }
    finished ||= event.kind === 'completed' || event.kind === 'failed' || event.kind === 'cancelled'
    emit(event)
  })
  const ended = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      stderr += error.message
      if (child.pid === undefined) child.emit('close', null, null)
    })
    child.on('close', (code, signal) => {
      watch.stop()
      const systemKilled = killsBefore === null ? null : outOfMemoryKills() !== killsBefore
      const death = { code, signal, stderr, silent: watch.silent(), systemKilled, facts: facts ?? factsOf(assignment.job) }
      if (!finished) emit({ job, kind: 'lost', error: describeDeath(death).toRecord() })
      resolve()
    })
  })
  child.send({ kind: 'run', assignment } satisfies WorkerRequest)
  return { child, ended }
}

/** Calls `onSilence` once when nothing was heard for longer than a live process could be silent. */
function watchSilence(onSilence: () => void) {
  let last = performance.now()
  let longest = 0
  let silent = false
  const timer = setInterval(() => {
    if (performance.now() - last <= Math.max(smallestSilenceMs, silencesAllowed * longest)) return
    silent = true
    clearInterval(timer)
    onSilence()
  }, smallestSilenceMs / 10)
  timer.unref()
  return {
    heard() {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    },
    silent: () => silent,
    stop: () => clearInterval(timer),
  }
}
