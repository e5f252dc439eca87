/**
 * The process that trains: `local-executor.ts` forks it, hands it one assignment and listens. It ends when the job does, when it is told to
 * cancel (after a checkpoint), or when the process that started it is gone.
 */
import type { JobEvent } from '../contracts/index.js'
import { toErrorRecord } from '../errors/index.js'
import { hashJson } from '../files/index.js'
import type { Assignment, WorkerReport, WorkerRequest } from './assignment.js'
import { explainMemory, factsOf, type MemoryFacts } from './memory/out-of-memory.js'
import { runAssignment } from './run-assignment.js'

const beatEveryMs = 5000
const cancellation = new AbortController()

process.on('disconnect', () => process.exit(0))
// The terminal sends Ctrl-C to the whole process group; the coordinator decides what it means and cancels.
process.on('SIGINT', () => undefined)
process.on('message', (request: WorkerRequest) => {
  if (request.kind === 'cancel') cancellation.abort(new Error('cancelled'))
  else void run(request.assignment)
})

async function run(assignment: Assignment): Promise<void> {
  const job = hashJson(assignment.job)
  const timer = setInterval(() => send({ job, kind: 'beat' }), beatEveryMs)
  send({ job, kind: 'started' })
  let facts: MemoryFacts | null = null
  const tellMemory = (newer: MemoryFacts) => {
    facts = newer
    send({ kind: 'memory', facts: newer })
  }
  const last = await runAssignment(assignment, send, cancellation.signal, tellMemory).then(
    (estimate): JobEvent => ({ job, kind: 'completed', estimate }),
    (error): JobEvent =>
      cancellation.signal.aborted
        ? { job, kind: 'cancelled' }
        : { job, kind: 'failed', error: toErrorRecord(explainMemory(error, facts ?? factsOf(assignment.job))) },
  )
  clearInterval(timer)
  process.send?.(last, () => process.disconnect())
}

function send(event: WorkerReport): void {
  if (process.connected) process.send?.(event)
}
