import { stripVTControlCharacters } from 'node:util'
import { formatSize } from '../../config/units.js'
import type { TrialJob } from '../../contracts/index.js'
import { isMnasError, type MnasError } from '../../errors/index.js'
import { trainingErrors } from '../../training/errors.js'
import { parseRecipe } from '../../training/recipes/recipe.js'
import { type BatchChoice, type MemoryNeeds, smallestBatch } from './memory-needs.js'
import { type MemoryRoom, memoryRoom } from './memory-room.js'

/** What was known of memory when it was last looked at: before the training was compiled, and again before its first step. */
export interface MemoryFacts {
  readonly before: 'compiling' | 'the first step'
  readonly room: MemoryRoom
  /** Null when the engine estimates nothing. */
  readonly needs: MemoryNeeds | null
  readonly batchSize: number
  readonly accumulate: number
}

/**
 * How much of the room a recommended batch may fill by its estimate. Estimates of @mnas/engine-onnx are within 10 % of the peak; workers keep
 * batches besides.
 */
const usableShare = 0.85

/** What libraries, V8 and the system say when an allocation fails. */
const allocationFailure =
  /bad_alloc|out of memory|Array buffer allocation failed|allocation failed|Failed to allocate memory|Cannot allocate memory|ENOMEM|ERR_WORKER_OUT_OF_MEMORY/i

/** The last line that tells of a failed allocation, or null. */
export function allocationFailureIn(text: string): string | null {
  return text.split(/[\r\n]+/).findLast((line) => allocationFailure.test(line)) ?? null
}

/** What is known of a job that said nothing itself. */
export function factsOf(job: TrialJob): MemoryFacts {
  const { batchSize, accumulate } = parseRecipe(job.recipe)
  return { before: 'compiling', room: memoryRoom(), needs: null, batchSize, accumulate }
}

/** A failed allocation as the error that says what fits; anything else as it is. @param lessMemory as outOfMemoryError takes it */
export function explainMemory(error: unknown, facts: MemoryFacts, lessMemory?: string): unknown {
  if (isMnasError(error)) return error
  const cause = allocationFailureIn(error instanceof Error ? error.message : String(error))
  return cause === null ? error : outOfMemoryError(facts, cause, lessMemory)
}

/** Bytes that a training was still about to take. */
export function bytesWanted({ before, needs }: MemoryFacts): number | null {
  return needs && needs.own.stepBytes + (before === 'compiling' ? needs.sessionBytes : 0)
}

/** The largest batch that fits, or null when none does or nobody knows. */
export function batchThatFits({ before, needs, room }: MemoryFacts): BatchChoice | null {
  if (!needs) return null
  const usable = room.bytes * usableShare - (before === 'compiling' ? needs.sessionBytes : 0)
  return needs.smaller.find(({ stepBytes }) => stepBytes <= usable) ?? null
}

/**
 * @param cause who noticed, e.g. "std::bad_alloc"
 * @param lessMemory what a user can do whose command has no --batch; default: the batch that fits
 */
export function outOfMemoryError(facts: MemoryFacts, cause: string, lessMemory?: string): MnasError {
  const wanted = bytesWanted(facts)
  const { room, batchSize } = facts
  return trainingErrors.MNAS_TRAIN_MEMORY({
    cause: inShort(cause),
    batchSize,
    wanted: wanted === null ? 'memory' : `about ${formatSize(wanted)} more`,
    room: wanted === null ? 'less' : `${formatSize(room.bytes)} ${roomWords[room.limit]}`,
    advice: lessMemory === undefined ? batchAdvice(facts) : `Free some memory, or ${lessMemory}.`,
  })
}

const roomWords = {
  memory: 'of free memory',
  data: 'below the limit of data (ulimit -d)',
  'address space': 'below the limit of address space (ulimit -v)',
} as const satisfies Record<MemoryRoom['limit'], string>

function batchAdvice(facts: MemoryFacts): string {
  const { needs, batchSize, accumulate } = facts
  const fits = batchThatFits(facts)
  if (fits) {
    const [before, after] = [batchSize * accumulate, fits.batchSize * fits.accumulate]
    const images = before === after ? `the same ${before}` : String(after)
    return `Train with ${flags(fits)}, which updates from ${images} images at a time; ${elsewhere}.`
  }
  const smallest = needs?.smaller.at(-1)
  if (smallest) return `Not even --batch ${smallest.batchSize} fits: free some memory, or train at a smaller --size or width.`
  if (batchSize <= smallestBatch) return 'Free some memory, or train at a smaller --size or width.'
  return `Try ${flags({ batchSize: Math.ceil(batchSize / 2), accumulate: accumulate * 2 })}; ${elsewhere}.`
}

const flags = ({ batchSize, accumulate }: Omit<BatchChoice, 'stepBytes'>) => `--batch ${batchSize} --accumulate ${accumulate}`
const elsewhere = 'with another --out where a checkpoint of this one is kept'

/** onnxruntime's own words, without the node in which it happened; no line longer than a message bears. */
function inShort(cause: string): string {
  const plain = stripVTControlCharacters(cause).trim()
  return (/std::bad_alloc/.exec(plain)?.[0] ?? plain).slice(0, 160)
}
