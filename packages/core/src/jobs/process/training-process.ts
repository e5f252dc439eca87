/**
 * The process that trains: `run-process.ts` forks it, hands it one task and listens. It ends when the task is done, when it is told to
 * cancel (after a checkpoint), or when the process that started it is gone.
 */
import type { JobResult } from '../../contracts/index.js'
import type { DataSource } from '../../data/index.js'
import { toErrorRecord } from '../../errors/index.js'
import { quietMachine } from '../../measurement/index.js'
import { createRegistry } from '../../plugins/index.js'
import { type BatchRuntime, measurePace } from '../../training/index.js'
import { discardArtefacts } from '../artefacts.js'
import type { Assignment, TrainingSource, WorkerAnswer, WorkerReport, WorkerRequest, WorkerTask } from '../assignment.js'
import { folderBlobStore } from '../folder-blob-store.js'
import { reopenJob, writeJobResult } from '../job-result.js'
import { explainMemory, factsOf, type MemoryFacts } from '../memory/out-of-memory.js'
import { performJob } from '../perform-job.js'
import { withOpenJob } from '../with-open-job.js'

const beatEveryMs = 5000
/** Within a blocking piece of work no timer fires. */
const workBeatEveryMs = 1000
const cancellation = new AbortController()
let memory: MemoryFacts | null = null

process.on('disconnect', () => process.exit(0))
// The terminal sends Ctrl-C and its own end to the whole process group, `timeout` and batch systems their SIGTERM: the coordinator
// decides what they mean and cancels.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined)
process.on('message', (request: WorkerRequest) => {
  if (request.kind === 'cancel') cancellation.abort(new Error('cancelled'))
  else void run(request)
})

async function run(task: WorkerTask): Promise<void> {
  const timer = setInterval(() => send({ kind: 'beat' }), beatEveryMs)
  send({ kind: 'beat' })
  const answer = await perform(task)
  clearInterval(timer)
  process.send?.({ kind: 'answer', answer } satisfies WorkerReport, () => process.disconnect())
}

async function perform(task: WorkerTask): Promise<WorkerAnswer> {
  try {
    switch (task.kind) {
      case 'train':
        return { kind: 'completed', result: await train(task.order) }
      case 'measurePace': {
        const { job, plan } = task.order
        return { kind: 'completed', result: await withOpenJob(job, plan, workplace(task.order), measurePace) }
      }
      default:
        throw task satisfies never
    }
  } catch (error) {
    // A checkpoint that could not be written is worth a word also to whoever stopped the training.
    if (cancellation.signal.aborted && error === cancellation.signal.reason) return { kind: 'cancelled' }
    const { job, lessMemory } = task.order
    return { kind: 'failed', error: toErrorRecord(explainMemory(error, memory ?? factsOf(job), lessMemory)) }
  }
}

async function train(assignment: Assignment): Promise<JobResult> {
  const { folder, blobFolder, checkpoints } = assignment
  await reopenJob(folder)
  const place = workplace(assignment)
  const result = await performJob(assignment, {
    ...place,
    runtime: { ...place.runtime, checkpoints },
    folder,
    blobs: folderBlobStore(blobFolder),
    hear: (progress) => send({ kind: 'progress', progress }),
  })
  await writeJobResult(folder, result)
  await discardArtefacts(folder, assignment.keep)
  return result
}

function workplace({ manifests, data }: TrainingSource) {
  return {
    registry: createRegistry(manifests),
    data,
    runtime: runtimeOf(data),
    tellMemory(facts: MemoryFacts) {
      memory = facts
      send({ kind: 'memory', facts })
    },
  }
}

/** Every piece of work is a sign of life. */
function runtimeOf({ workers, cacheFolder }: DataSource): BatchRuntime {
  // No signal: a training that is cancelled ends behind a whole update, and a timing that it waits for takes no longer than a round.
  const { whileWorking } = quietMachine(cacheFolder, {
    warn: (message) => send({ kind: 'progress', progress: { kind: 'warning', message } }),
  })
  let last = 0
  return {
    workers,
    whileWorking(work) {
      if (performance.now() - last > workBeatEveryMs) {
        last = performance.now()
        send({ kind: 'beat' })
      }
      return whileWorking(work)
    },
    signal: cancellation.signal,
  }
}

function send(report: WorkerReport): void {
  if (process.connected) process.send?.(report)
}
