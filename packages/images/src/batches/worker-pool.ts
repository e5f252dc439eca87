import { Worker } from 'node:worker_threads'
import { fromErrorRecord } from '@mnas/core/errors'
import { closeGate, createGate } from '../decoding/decode-gate.js'
import type { ImageFiles } from '../decoding/image-files.js'
import { imagesErrors } from '../errors.js'
import type { BatchMaker, BatchTask, MadeBatch } from './batch-maker.js'
import type { WorkerAnswer, WorkerRequest, WorkerSetup } from './serve-batches.js'

interface Pending {
  readonly resolve: (batch: MadeBatch) => void
  readonly reject: (error: unknown) => void
}

/**
 * A batch maker whose work is done in threads: the least busy one takes the next task.
 * @param module what a thread runs: it calls serveBatches
 */
export function createWorkerPool<Task extends BatchTask>(module: URL, files: ImageFiles, threads: number): BatchMaker<Task> {
  const gate = createGate()
  const lanes = Array.from({ length: threads }, () => createLane<Task>(module, { files, gate }))
  return {
    make: (task) => lanes.reduce((least, lane) => (lane.load() < least.load() ? lane : least)).make(task),
    async close() {
      closeGate(gate)
      await Promise.all(lanes.map((lane) => lane.close()))
    },
  }
}

interface Lane<Task extends BatchTask> extends BatchMaker<Task> {
  load(): number
}

function createLane<Task extends BatchTask>(module: URL, setup: WorkerSetup<ImageFiles>): Lane<Task> {
  const worker = new Worker(module, { workerData: setup })
  const pending = new Map<number, Pending>()
  let nextId = 0
  let failure: unknown
  let closing = false
  const fail = (reason: string) => {
    failure ??= imagesErrors.MNAS_DATA_WORKER({ reason })
    for (const { reject } of pending.values()) reject(failure)
    pending.clear()
  }
  worker.on('message', (answer: WorkerAnswer) => {
    const asked = pending.get(answer.id)
    pending.delete(answer.id)
    if (pending.size === 0 && !closing) worker.unref() // an idle thread keeps no process alive
    if ('batch' in answer) asked?.resolve(answer.batch)
    else asked?.reject(fromErrorRecord(answer.error))
  })
  worker.on('error', (error) => fail(error instanceof Error ? error.message : String(error)))
  worker.on('exit', (code) => fail(`it ended with code ${code}`))
  worker.unref()
  return {
    load: () => pending.size,
    make(task) {
      if (failure !== undefined) return Promise.reject(failure)
      const id = nextId++
      worker.ref()
      worker.postMessage({ id, task } satisfies WorkerRequest<Task>)
      return new Promise<MadeBatch>((resolve, reject) => pending.set(id, { resolve, reject }))
    },
    async close() {
      closing = true
      await worker.terminate()
    },
  }
}
