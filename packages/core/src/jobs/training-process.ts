/**
 * The process that trains: `start-process.ts` forks it, hands it one task and listens. It ends when the task is done, when it is told to
 * cancel (after a checkpoint), or when the process that started it is gone.
 */
import type { JobEvent } from '../contracts/index.js'
import { toErrorRecord } from '../errors/index.js'
import { hashJson } from '../files/index.js'
import type { WorkerReport, WorkerRequest, WorkerTask } from './assignment.js'
import { explainMemory, factsOf, type MemoryFacts } from './memory/out-of-memory.js'
import { measureSource, runAssignment } from './run-assignment.js'

const beatEveryMs = 5000
const cancellation = new AbortController()

process.on('disconnect', () => process.exit(0))
// The terminal sends Ctrl-C and its own end to the whole process group; the coordinator decides what they mean and cancels.
process.on('SIGINT', () => undefined).on('SIGHUP', () => undefined)
process.on('message', (request: WorkerRequest) => {
  if (request.kind === 'cancel') cancellation.abort(new Error('cancelled'))
  else void run(request)
})

async function run(task: WorkerTask): Promise<void> {
  const { job } = task.kind === 'train' ? task.assignment : task.source
  const id = hashJson(job)
  const timer = setInterval(() => send({ job: id, kind: 'beat' }), beatEveryMs)
  send({ job: id, kind: 'started' })
  let facts: MemoryFacts | null = null
  const tellMemory = (newer: MemoryFacts) => {
    facts = newer
    send({ kind: 'memory', facts: newer })
  }
  const last = await perform(task, id, tellMemory).catch(
    (error): JobEvent =>
      cancellation.signal.aborted
        ? { job: id, kind: 'cancelled' }
        : { job: id, kind: 'failed', error: toErrorRecord(explainMemory(error, facts ?? factsOf(job))) },
  )
  clearInterval(timer)
  process.send?.(last, () => process.disconnect())
}

async function perform(task: WorkerTask, job: string, tellMemory: (facts: MemoryFacts) => void): Promise<WorkerReport> {
  const { signal } = cancellation
  if (task.kind === 'measurePace') return { kind: 'pace', pace: await measureSource(task.source, send, signal, tellMemory) }
  return { job, kind: 'completed', estimate: await runAssignment(task.assignment, send, signal, tellMemory) }
}

function send(event: WorkerReport): void {
  if (process.connected) process.send?.(event)
}
