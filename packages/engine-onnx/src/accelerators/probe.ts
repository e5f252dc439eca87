import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Accelerator } from '../runtime/accelerators.js'

/** What the probing process says. */
export interface ProbeAnswer {
  /** Whether this build of onnxruntime-node has the provider at all. */
  readonly listed: boolean
  /** Why it computes nothing; undefined when it does. */
  readonly error?: string
}

/** An answer, and what the libraries wrote meanwhile. */
export interface Probe extends ProbeAnswer {
  readonly stderr: string
}

/** Loading a GPU's libraries for the first time may take many seconds, compiling its first kernels too. */
const patienceMs = 120_000
const keptCharacters = 8000

const probes = new Map<Accelerator, Promise<Probe>>()

/** Tries an accelerator in a process of its own; once per process. */
export function probe(accelerator: Accelerator): Promise<Probe> {
  const known = probes.get(accelerator) ?? startProbe(accelerator)
  probes.set(accelerator, known)
  return known
}

function startProbe(accelerator: Accelerator): Promise<Probe> {
  const child = fork(fileURLToPath(new URL('./probe-process.js', import.meta.url)), [accelerator], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  let answer: ProbeAnswer | null = null
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-keptCharacters)
  })
  child.on('message', (message: ProbeAnswer) => {
    answer = message
  })
  return new Promise((resolve) => {
    const end = (error: string) => {
      clearTimeout(timer)
      resolve({ ...(answer ?? { listed: true, error }), stderr })
    }
    child.on('error', (error) => end(error.message))
    child.on('close', (code, signal) => {
      end(
        signal === 'SIGKILL'
          ? `it gave no answer within ${patienceMs / 1000} s`
          : `it crashed with ${signal ?? `exit code ${code}`}`,
      )
    })
  })
}
