import type { DecodeGate } from '../pixels/decode-gate.js'
import { openPixelCache } from '../pixels/pixel-cache.js'
import { fileSource, type PixelSource } from '../pixels/pixel-source.js'
import { storageSize } from '../preprocessing.js'
import { type BatchData, type BatchTask, type Examples, makeBatch } from './make-batch.js'

/** Makes batches in this thread and keeps what it reads from open between them. */
export interface BatchMaker {
  make(task: BatchTask): Promise<BatchData>
  close(): Promise<void>
}

/** @param gate of a thread that may be stopped */
export function createBatchMaker(examples: Examples, gate?: DecodeGate): BatchMaker {
  const sources = new Map<string, Promise<PixelSource>>()
  const sourceFor = (task: BatchTask) => {
    const key = `${task.inputSize} ${task.cacheFolder}`
    const source = sources.get(key) ?? openSource(examples, task, gate)
    sources.set(key, source)
    return source
  }
  return {
    make: async (task) => makeBatch(examples, await sourceFor(task), task),
    async close() {
      for (const source of sources.values()) (await source).close()
      sources.clear()
    },
  }
}

/** A cache that vanished meanwhile (another process made room) is no loss: the files give the same bytes. */
async function openSource(
  { folder, paths, preprocessing, known }: Examples,
  { cacheFolder, inputSize }: BatchTask,
  gate: DecodeGate | undefined,
): Promise<PixelSource> {
  const cache = cacheFolder === null ? undefined : await openPixelCache(cacheFolder, paths.ends.length)
  return cache ?? fileSource(folder, paths, storageSize(inputSize, preprocessing), known, { gate })
}
