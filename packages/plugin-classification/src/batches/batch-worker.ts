import { parentPort, workerData } from 'node:worker_threads'
import { type MnasErrorRecord, toErrorRecord } from '@mnas/core/errors'
import type { DecodeGate } from '../pixels/decode-gate.js'
import { createBatchMaker } from './batch-maker.js'
import type { BatchData, BatchTask, Examples } from './make-batch.js'

/** The thread that makes batches: one task in, one answer out, under the same id. */
export interface WorkerRequest {
  readonly id: number
  readonly task: BatchTask
}
export type WorkerAnswer = { readonly id: number } & ({ readonly data: BatchData } | { readonly error: MnasErrorRecord })

export interface WorkerSetup {
  readonly examples: Examples
  readonly gate: DecodeGate
}

const { examples, gate } = workerData as WorkerSetup
const maker = createBatchMaker(examples, gate)

async function answer({ id, task }: WorkerRequest): Promise<void> {
  try {
    const data = await maker.make(task)
    const moved = [data.image, data.labels, data.weight].map((array) => array.buffer as ArrayBuffer)
    parentPort!.postMessage({ id, data } satisfies WorkerAnswer, moved)
  } catch (error) {
    parentPort!.postMessage({ id, error: toErrorRecord(error) } satisfies WorkerAnswer)
  }
}

let turn = Promise.resolve()
parentPort!.on('message', (request: WorkerRequest) => {
  turn = turn.then(() => answer(request))
})
