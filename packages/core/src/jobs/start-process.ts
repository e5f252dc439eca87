import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { hashJson } from '../files/index.js'
import type { WorkerReport, WorkerRequest, WorkerTask } from './assignment.js'
import { describeDeath } from './memory/describe-death.js'
import { outOfMemoryKills } from './memory/memory-room.js'
import { factsOf, type MemoryFacts } from './memory/out-of-memory.js'
import { trainingProcessEnvironment } from './process-environment.js'

/** A process that is silent for so long, and for ten of its longest silences so far, hangs. A step blocks a process; nothing else does. */
const smallestSilenceMs = 180_000
const silencesAllowed = 10
const keptStderrCharacters = 4000

export interface RunningProcess {
  readonly ended: Promise<void>
  /** Asks it to stop: it does after a checkpoint. */
  cancel(): void
}

/** What is heard of a process: its events, `lost` among them when it died of something, and the pace that was asked for. */
export type Heard = Exclude<WorkerReport, { readonly kind: 'memory' }>

/** Starts a training process for one task. */
export function startProcess(task: WorkerTask, hear: (report: Heard) => void): RunningProcess {
  const { job } = task.kind === 'train' ? task.assignment : task.source
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
  child.on('message', (report: WorkerReport) => {
    watch.heard()
    if (report.kind === 'memory') {
      facts = report.facts
      return
    }
    finished ||= isLast(report)
    hear(report)
  })
  const ended = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      stderr += error.message
      if (child.pid === undefined) child.emit('close', null, null)
    })
    child.on('close', (code, signal) => {
      watch.stop()
      const systemKilled = killsBefore === null ? null : outOfMemoryKills() !== killsBefore
      const death = { code, signal, stderr, silent: watch.silent(), systemKilled, facts: facts ?? factsOf(job) }
      if (!finished) hear({ job: hashJson(job), kind: 'lost', error: describeDeath(death).toRecord() })
      resolve()
    })
  })
  tell(child, task)
  return {
    ended,
    cancel: () => {
      if (child.connected) tell(child, { kind: 'cancel' })
    },
  }
}

const lastKinds: readonly WorkerReport['kind'][] = ['completed', 'failed', 'cancelled', 'pace']
const isLast = ({ kind }: Heard): boolean => lastKinds.includes(kind)
const tell = (child: ChildProcess, request: WorkerRequest) => void child.send(request)

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
