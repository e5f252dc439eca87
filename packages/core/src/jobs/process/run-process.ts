import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { JobProgress } from '../../contracts/index.js'
import type { coreErrors, MnasErrorRecord } from '../../errors/index.js'
import type { WorkerAnswer, WorkerReport, WorkerRequest, WorkerTask, WorkerTasks } from '../assignment.js'
import { describeDeath } from '../memory/describe-death.js'
import { outOfMemoryKills } from '../memory/memory-room.js'
import { factsOf, type MemoryFacts } from '../memory/out-of-memory.js'
import { trainingProcessEnvironment } from './process-environment.js'
import { watchSilence } from './watch-silence.js'

const keptStderrCharacters = 4000

/** It died of something before it said what came of its task. */
interface Lost {
  readonly kind: 'lost'
  readonly error: MnasErrorRecord
}

/**
 * Starts a training process for one task and waits for its end.
 * @throws the signal's reason, once the process has stopped (after a checkpoint), unless it was done by then
 */
export async function runProcess<K extends keyof WorkerTasks>(
  task: WorkerTask & { readonly kind: K },
  hear: (progress: JobProgress) => void,
  signal: AbortSignal,
): Promise<Exclude<WorkerAnswer<K>, { readonly kind: 'cancelled' }> | Lost> {
  signal.throwIfAborted()
  const child = fork(fileURLToPath(new URL('./training-process.js', import.meta.url)), [], {
    env: trainingProcessEnvironment(),
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const cancel = () => {
    if (child.connected) tell(child, { kind: 'cancel' })
  }
  signal.addEventListener('abort', cancel, { once: true })
  tell(child, task)
  // What a process answers is what it was asked for.
  const end = (await endOf(child, task.order, hear)) as WorkerAnswer<K> | Lost
  signal.removeEventListener('abort', cancel)
  switch (end.kind) {
    case 'completed':
      return end
    case 'failed':
    case 'lost':
      // Whatever it died of while it was stopping: the same task goes on.
      if (signal.aborted) warnOfLostSteps(end.error, hear)
      signal.throwIfAborted()
      return end
    case 'cancelled':
      throw signal.reason
    default:
      throw end satisfies never
  }
}

const tell = (child: ChildProcess, request: WorkerRequest) => void child.send(request)

/** Of all that a process may die of while it is stopping, what costs something: its last steps are on no disk. */
function warnOfLostSteps({ code, message }: MnasErrorRecord, hear: (progress: JobProgress) => void): void {
  if (code !== ('MNAS_FILE_WRITE' satisfies keyof typeof coreErrors.definitions)) return
  hear({ kind: 'warning', message: `What was trained since the last checkpoint is lost: ${message}` })
}

/** Listens to a process until it is gone. */
function endOf(
  child: ChildProcess,
  { job, lessMemory }: WorkerTask['order'],
  hear: (progress: JobProgress) => void,
): Promise<WorkerAnswer | Lost> {
  const killsBefore = outOfMemoryKills()
  const watch = watchSilence(() => child.kill('SIGKILL'))
  let facts: MemoryFacts | null = null
  let answer: WorkerAnswer | undefined
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-keptStderrCharacters)
  })
  child.on('message', (report: WorkerReport) => {
    watch.heard()
    switch (report.kind) {
      case 'beat':
        break
      case 'memory':
        facts = report.facts
        break
      case 'progress':
        if (report.progress.kind === 'steps') watch.stepped()
        hear(report.progress)
        break
      case 'answer':
        answer = report.answer
        break
      default:
        throw report satisfies never
    }
  })
  return new Promise((resolve) => {
    child.on('error', (error) => {
      stderr += error.message
      if (child.pid === undefined) child.emit('close', null, null)
    })
    child.on('close', (code, signal) => {
      watch.stop()
      const systemKilled = killsBefore === null ? null : outOfMemoryKills() !== killsBefore
      const death = { code, signal, stderr, silent: watch.silent(), systemKilled, facts: facts ?? factsOf(job), lessMemory }
      resolve(answer ?? { kind: 'lost', error: describeDeath(death).toRecord() })
    })
  })
}
