import type { Batch, BatchPlan, SkippedFile } from '@mnas/core/contracts'
import { openPixelCache } from '../cache/pixel-cache.js'
import type { DecodeGate } from '../decoding/decode-gate.js'
import { fileSource } from '../decoding/file-source.js'
import type { ImageFiles } from '../decoding/image-files.js'
import type { PixelSource } from '../decoding/pixel-source.js'
import { fittedSource } from '../fitting/fitted-source.js'
import { keptOf, storageSize } from '../geometry/stored-form.js'

/** One batch to make: plain data. What else it holds is the task's. */
export interface BatchTask {
  readonly inputSize: number
  readonly decoding: BatchPlan['decoding']
  readonly training: boolean
  /** The pixel cache, or null to decode the files. */
  readonly cacheFolder: string | null
}

/** A batch but for its place, and what could not be read for it. */
export interface MadeBatch extends Omit<Batch, 'position'> {
  readonly unreadable: readonly SkippedFile[]
}

/** Makes a batch: a pure function of the task and the files. */
export type MakeBatch<Files extends ImageFiles, Task extends BatchTask> = (
  files: Files,
  source: PixelSource,
  task: Task,
) => Promise<MadeBatch>

/** Makes batches in this thread, or has them made, and keeps what it reads from open between them. */
export interface BatchMaker<Task extends BatchTask> {
  make(task: Task): Promise<MadeBatch>
  close(): Promise<void>
}

/** @param gate of a thread that may be stopped */
export function createBatchMaker<Files extends ImageFiles, Task extends BatchTask>(
  files: Files,
  makeBatch: MakeBatch<Files, Task>,
  gate?: DecodeGate,
): BatchMaker<Task> {
  const sources = new Map<string, Promise<PixelSource>>()
  const sourceFor = (task: Task) => {
    const key = `${task.inputSize} ${task.decoding} ${task.cacheFolder}`
    const source = sources.get(key) ?? openSource(files, task, gate)
    sources.set(key, source)
    return source
  }
  return {
    make: async (task) => makeBatch(files, await sourceFor(task), task),
    async close() {
      for (const source of sources.values()) (await source).close()
      sources.clear()
    },
  }
}

/** A cache that vanished meanwhile (another process made room) is no loss: the files give the same bytes. */
async function openSource(
  files: ImageFiles,
  { cacheFolder, inputSize, decoding }: BatchTask,
  gate: DecodeGate | undefined,
): Promise<PixelSource> {
  const cache = cacheFolder === null ? undefined : await openPixelCache(cacheFolder, files.paths.ends.length)
  if (cache) return cache
  const { preprocessing } = files
  const kept = keptOf(preprocessing)
  // An exact whole picture is resampled once: straight to what stands in the input.
  if (decoding === 'exact' && kept === 'whole') return fittedSource(files, inputSize)
  return fileSource(files, storageSize(inputSize, preprocessing), { kept, exact: decoding === 'exact', gate })
}
