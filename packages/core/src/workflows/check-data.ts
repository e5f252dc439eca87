import { basename, resolve } from 'node:path'
import { type Architecture, forTask, scaleArchitecture, taskOptionsFor, withTask } from '../architecture/index.js'
import type { DataLook, Dataset, JsonObject, Split, Task } from '../contracts/index.js'
import { type DataSource, openData } from '../data/index.js'
import type { MnasError, MnasErrorRecord } from '../errors/index.js'
import type { Reporter } from '../events/index.js'
import { liesWithin, writeAtomic } from '../files/index.js'
import { lower } from '../graph/index.js'
import type { Registry } from '../plugins/index.js'
import { parseRecipe, targetsOf } from '../training/index.js'
import { workflowErrors } from './errors.js'

export interface CheckDataRequest {
  readonly registry: Registry
  readonly data: DataSource
  /** Default: the one that recognises the data, else that of the network. */
  readonly task?: string | undefined
  /** The network that may learn from it. */
  readonly architecture: Architecture
  /** Sides of its input in pixels. */
  readonly sizes: readonly number[]
  /** File of the picture; null: none is drawn. */
  readonly out: string | null
  readonly reporter: Reporter
  readonly signal: AbortSignal
}

/** A split as it was found. */
export interface CheckedSplit {
  readonly split: Exclude<Split, 'all'>
  readonly examples: number
  readonly place: string | null
  readonly counts: readonly number[] | null
}

export interface CheckedData extends Pick<Dataset, 'labels' | 'skipped'> {
  readonly task: string
  readonly takenFor: string | null
  readonly counted: string | null
  /** Those that are not empty. */
  readonly splits: readonly CheckedSplit[]
  readonly warnings: readonly string[]
  /** Why no training would take it. */
  readonly refused: readonly MnasErrorRecord[]
  readonly look: DataLook | null
  readonly picture: string | null
}

const picturesOnSheet = 16
const splitsShown = ['train', 'heldOut', 'validation', 'test'] as const

/**
 * Opens data as a training would, and says what is in it, also of data that a training would refuse for what of it is unusable.
 * @throws MNAS_CHECK_PICTURE, and what opening the data throws
 */
export async function checkData(request: CheckDataRequest): Promise<CheckedData> {
  const { registry, data, architecture, out, reporter, signal } = request
  if (out !== null && (await liesWithin(out, data.folder)))
    throw workflowErrors.MNAS_CHECK_PICTURE({ file: out, data: data.folder })
  const name = request.task ?? (await taskOf(registry, data.folder)) ?? architecture.task.name
  const task = await registry.get('task', name)
  const refusals = new Map<string, MnasErrorRecord>()
  const refuse = (error: MnasError) => void refusals.set(error.code, error.toRecord())
  const dataset = await openData(task, data, { refuse, reporter, signal })
  try {
    const look = lookAt(dataset, task, request)
    const picture = out === null ? null : await drawSheet(dataset, out, signal)
    const { labels, skipped, takenFor = null, counted = null, warnings = [] } = dataset
    const refused = [...refusals.values()]
    return { task: name, labels, skipped, takenFor, counted, warnings, refused, look, picture, splits: splitsOf(dataset) }
  } finally {
    await dataset.close()
  }
}

/** `photos-check.png` here, where the work is done; null where that is among the images, which a note says. */
export async function pictureBeside(data: string, reporter: Pick<Reporter, 'note'>): Promise<string | null> {
  const file = `${basename(resolve(data)).replace(/\.[a-z]+$/i, '')}-check.png`
  if (!(await liesWithin(file, data))) return file
  reporter.note('No picture is drawn: this folder is among the images. --out says where else')
  return null
}

/** The task that takes the data for its own, where exactly one does. */
async function taskOf(registry: Registry, path: string): Promise<string | undefined> {
  for (const name of registry.names('task')) {
    const task = await registry.get('task', name)
    if (await task.recognises?.(path)) return name
  }
  return undefined
}

function lookAt(dataset: Dataset, task: Task, { architecture, sizes }: CheckDataRequest): DataLook | null {
  if (!dataset.look) return null
  const { augmentation } = parseRecipe(task.recipes.quick)
  return dataset.look({ targets: sizes.map((inputSize) => targetsAt(inputSize)), augmentation })

  function targetsAt(inputSize: number): JsonObject {
    const scaled = forTask(scaleArchitecture(architecture, { inputSize }), task.name)
    const own = withTask(scaled, task.name, taskOptionsFor(scaled, task, dataset))
    return targetsOf(task, lower(own, task), own.task.options)
  }
}

function splitsOf(dataset: Dataset): readonly CheckedSplit[] {
  return splitsShown.flatMap((split) => {
    const examples = dataset.size(split)
    const place = dataset.places?.[split] ?? null
    return examples === 0 ? [] : [{ split, examples, place, counts: dataset.counts?.(split) ?? null }]
  })
}

async function drawSheet(dataset: Dataset, out: string, signal: AbortSignal): Promise<string | null> {
  if (!dataset.sheet) return null
  await writeAtomic(out, await dataset.sheet(picturesOnSheet, signal))
  return out
}
