import { type ChildProcess, fork } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { fromErrorRecord } from '@mnas/core/errors'
import { tfliteErrors } from '../errors.js'
import type { RuntimeLimits } from './limits.js'
import type { ModelReply, ModelRequest, ReplyTo } from './protocol.js'

export interface ModelProcessOptions {
  /** For messages. */
  readonly runtime: string
  /** The module that serves (serve-model.ts). */
  readonly module: URL
  readonly limits: RuntimeLimits
  readonly signal?: AbortSignal
  /** Told the process's id once it is there. */
  readonly onStart?: (pid: number) => void
}

/** A process with one model in it, or one after the other. Whatever happens in there is an error here. */
export interface ModelProcess {
  /**
   * Errors name the file that was told last.
   * @throws MNAS_RUNTIME_CRASHED, MNAS_RUNTIME_TIMEOUT, the signal's reason, and what the process itself reports
   */
  request<R extends ModelRequest>(request: R, limitMs: number): Promise<ReplyTo<R>>
  /** Whether it is still there. */
  alive(): boolean
  /** Ends the process. */
  close(): Promise<void>
}

const keptStderrCharacters = 4000

export function startModelProcess(options: ModelProcessOptions): ModelProcess {
  const { runtime, module, limits, signal, onStart } = options
  signal?.throwIfAborted()
  const child = fork(fileURLToPath(module), [], {
    execArgv: [`--max-old-space-size=${limits.heapMegabytes}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  if (child.pid !== undefined) onStart?.(child.pid)
  let file = ''
  let alive = true
  /** Of the request that waits. What each request hung on to `ended` itself would stay as long as the process, with its answer. */
  let giveUp: ((error: unknown) => void) | null = null
  /** Why we ended the process ourselves; else its end is a crash. */
  let reason: unknown
  const end = (why: unknown) => {
    reason ??= why
    child.kill('SIGKILL')
  }
  const crashed = (cause: string) => tfliteErrors.MNAS_RUNTIME_CRASHED({ runtime, file, cause })
  const ended = watchEnd(child, (cause) => reason ?? crashed(cause))
  const abort = () => end(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  const memory = watchMemory(child, limits.memoryBytes, (cause) => end(crashed(cause)))
  void ended.then((error) => {
    alive = false
    clearInterval(memory)
    signal?.removeEventListener('abort', abort)
    giveUp?.(error)
  })
  return {
    async request<R extends ModelRequest>(request: R, limitMs: number) {
      file = fileOf(request) ?? file
      if (!alive) throw await ended
      const timer = setTimeout(() => end(tfliteErrors.MNAS_RUNTIME_TIMEOUT({ runtime, file, limitMs })), limitMs)
      try {
        const reply = await new Promise<ModelReply>((resolve, reject) => {
          giveUp = reject
          ask(child, request, resolve)
        })
        if (reply.kind === 'failed') throw fromErrorRecord(reply.error)
        return reply as ReplyTo<R>
      } finally {
        giveUp = null
        clearTimeout(timer)
      }
    },
    alive: () => alive && reason === undefined,
    async close() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** What a request is about, where it is about another file than the last one. */
function fileOf(request: ModelRequest): string | undefined {
  if (request.kind === 'probe') return request.library
  return request.kind === 'load' || request.kind === 'describe' ? request.file : undefined
}

function ask(child: ChildProcess, request: ModelRequest, answer: (reply: ModelReply) => void): void {
  child.once('message', (reply) => answer(reply as ModelReply))
  // A process that is gone already is told of by its end.
  child.send(request, () => undefined)
}

/** Settles when the process is gone, with the error that this is to whoever waits for an answer. */
function watchEnd(child: ChildProcess, errorFor: (cause: string) => unknown): Promise<unknown> {
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-keptStderrCharacters)
  })
  return new Promise((resolve) => {
    child.on('error', (error) => {
      stderr += error.message
      if (child.pid === undefined) resolve(errorFor(error.message))
    })
    child.on('close', (code, signal) => resolve(errorFor(describeEnd(code, signal, stderr))))
  })
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null, stderr: string): string {
  if (signal === 'SIGKILL') return 'killed by SIGKILL, as the system does when memory runs out'
  // LiteRT tells as INFO what it does, up to the crash.
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('INFO:'))
  const telling = lines.find((line) => /\b(error|fatal|check failed)\b/i.test(line)) ?? lines.at(-1)
  const end = signal ? `ended by ${signal}` : `exit code ${code}`
  return telling ? `${end}: ${telling.trim().replace(/\.$/, '')}` : end
}

const memoryCheckMs = 1000

/** Linux alone tells one process of another's memory without help: the line `VmRSS: n kB` of /proc/PID/status. */
function watchMemory(child: ChildProcess, limitBytes: number, onExcess: (cause: string) => void): NodeJS.Timeout | undefined {
  if (process.platform !== 'linux') return undefined
  const timer = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
    const residentBytes = Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024
    if (residentBytes <= limitBytes) return
    const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`
    onExcess(`it used ${mebibytes(residentBytes)} of memory, the limit is ${mebibytes(limitBytes)}`)
  }, memoryCheckMs)
  return timer.unref()
}
