import { Worker } from 'node:worker_threads'
import { fromErrorRecord } from '@mnas/core/errors'
import { classificationErrors } from '../errors.js'
import { closeGate, createGate } from '../pixels/decode-gate.js'
import type { BatchMaker } from './batch-maker.js'
import type { WorkerAnswer, WorkerRequest, WorkerSetup } from './batch-worker.js'
import type { BatchData, BatchTask, Examples } from './make-batch.js'

interface Pending {
  readonly resolve: (data: BatchData) => void
  readonly reject: (error: unknown) => void
}

/** A batch maker whose work is done in threads: the least busy one takes the next task. */
export function createWorkerPool(examples: Examples, threads: number): BatchMaker {
  const gate = createGate()
  const lanes = Array.from({ length: threads }, () => createLane({ examples, gate }))
  return {
    make: (task) => lanes.reduce((least, lane) => (lane.load() < least.load() ? lane : least)).make(task),
    async close() {
      closeGate(gate)
      await Promise.all(lanes.map((lane) => lane.close()))
    },
  }
}

interface Lane extends BatchMaker {
  load(): number
}

function createLane(setup: WorkerSetup): Lane {
  const worker = new Worker(new URL('./batch-worker.js', import.meta.url), { workerData: setup })
  const pending = new Map<number, Pending>()
  let nextId = 0
  let failure: unknown
  let closing = false
  const fail = (reason: string) => {
    failure ??= classificationErrors.MNAS_DATA_WORKER({ reason })
    for (const { reject } of pending.values()) reject(failure)
    pending.clear()
  }
  worker.on('message', (answer: WorkerAnswer) => {
    const task = pending.get(answer.id)
    pending.delete(answer.id)
    if (pending.size === 0 && !closing) worker.unref() // an idle thread keeps no process alive
    if ('data' in answer) task?.resolve(answer.data)
    else task?.reject(fromErrorRecord(answer.error))
  })
  worker.on('error', (error) => fail(error instanceof Error ? error.message : String(error)))
  worker.on('exit', (code) => fail(`it ended with code ${code}`))
  worker.unref()
  return {
    load: () => pending.size,
    make(task: BatchTask) {
      if (failure !== undefined) return Promise.reject(failure)
      const id = nextId++
      worker.ref()
      worker.postMessage({ id, task } satisfies WorkerRequest)
      return new Promise<BatchData>((resolve, reject) => pending.set(id, { resolve, reject }))
    },
    async close() {
      closing = true
      await worker.terminate()
    },
  }
}
