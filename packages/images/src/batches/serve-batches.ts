import { parentPort, workerData } from 'node:worker_threads'
import { type MnasErrorRecord, toErrorRecord } from '@mnas/core/errors'
import type { DecodeGate } from '../decoding/decode-gate.js'
import type { ImageFiles } from '../decoding/image-files.js'
import { type BatchTask, createBatchMaker, type MadeBatch, type MakeBatch } from './batch-maker.js'

export interface WorkerRequest<Task extends BatchTask> {
  readonly id: number
  readonly task: Task
}
export type WorkerAnswer = { readonly id: number } & ({ readonly batch: MadeBatch } | { readonly error: MnasErrorRecord })

export interface WorkerSetup<Files extends ImageFiles> {
  readonly files: Files
  readonly gate: DecodeGate
}

/** What a thread of a worker pool does: one task in, one answer out, under the same id. The batches' memory moves to who asked. */
export function serveBatches<Files extends ImageFiles, Task extends BatchTask>(makeBatch: MakeBatch<Files, Task>): void {
  const { files, gate } = workerData as WorkerSetup<Files>
  const maker = createBatchMaker(files, makeBatch, gate)
  const answer = async ({ id, task }: WorkerRequest<Task>): Promise<void> => {
    try {
      const batch = await maker.make(task)
      const moved = Object.values(batch.inputs).map(({ data }) => data.buffer as ArrayBuffer)
      parentPort!.postMessage({ id, batch } satisfies WorkerAnswer, moved)
    } catch (error) {
      parentPort!.postMessage({ id, error: toErrorRecord(error) } satisfies WorkerAnswer)
    }
  }
  let turn = Promise.resolve()
  parentPort!.on('message', (request: WorkerRequest<Task>) => {
    turn = turn.then(() => answer(request))
  })
}
