import { withTask } from '../../../architecture/index.js'
import type { Batch, BatchPlan, Dataset, Graph, JsonObject, Position, Task, Tensors } from '../../../contracts/index.js'
import { initializeWeights, lower } from '../../../graph/index.js'
import { interpret } from '../../interpreter/interpret.js'
import { tinyArchitecture } from '../../networks/small-networks.js'
import { check } from '../check.js'

/** What a task's suite needs besides the task. */
export interface TaskMaterials {
  /** Data that the task opens, with at least five training examples, two held-out and two validation ones. */
  readonly folder: string
  /** A file that `readInput` reads, and which is the first example of the validation split. */
  readonly file: string
}

/** A task at work: its data open, and a small network of it. */
export interface TaskBench {
  readonly task: Task
  readonly materials: TaskMaterials
  readonly dataset: Dataset
  readonly options: JsonObject
  readonly model: Graph
  /** Random ones, the same each time. */
  readonly weights: Tensors
  /** What the task says of the network for its targets. */
  readonly targets: JsonObject
  /** A training plan with the augmentation of the task's recipe `quick`. */
  readonly training: BatchPlan
  /** An exact evaluation of the validation split, of two rows a batch. */
  readonly evaluation: BatchPlan
}

export const inputSize = 32
const batchSize = 2

/** The caller closes the data set. */
export async function openTask(task: Task, materials: TaskMaterials, cacheFolder: string): Promise<TaskBench> {
  const dataset = await task.open({ folder: materials.folder, cacheFolder, cacheLimitBytes: 2 ** 30 })
  const options = task.optionsFor(dataset)
  const architecture = withTask(tinyArchitecture('same', 'relu', inputSize), task.name, options)
  const model = lower(architecture, task)
  const targets = task.targets?.(model, options) ?? {}
  const common = { batchSize, inputSize, targets }
  const { augmentation } = task.recipes.quick as { readonly augmentation?: JsonObject }
  return {
    task,
    materials,
    dataset,
    options,
    model,
    weights: initializeWeights(model, 5),
    targets,
    training: { ...common, split: 'train', seed: 3, augmentation: augmentation ?? {}, training: true, decoding: 'fast' },
    evaluation: { ...common, split: 'validation', seed: 0, augmentation: {}, training: false, decoding: 'exact' },
  }
}

const never = new AbortController().signal
export const start: Position = { epoch: 0, index: 0 }

/** The first `count` batches from a position on, or all of an evaluation. */
export async function take(
  dataset: Dataset,
  plan: BatchPlan,
  { from = start, count = Number.POSITIVE_INFINITY, workers = 0 } = {},
): Promise<readonly Batch[]> {
  const taken: Batch[] = []
  for await (const batch of dataset.batches(plan, from, workers, never)) {
    taken.push(batch)
    if (taken.length === count) break
  }
  check(Number.isFinite(count) ? taken.length === count : taken.length > 0, 'batches', `${count}`, `${taken.length}`)
  return taken
}

/** A graph on inputs of a batch, float64 inside. */
export function answersOf(graph: Graph, inputs: Tensors, weights: Tensors): Tensors {
  const { outputs } = interpret(graph, { inputs: pick(inputs, Object.keys(graph.inputs)), weights, mode: 'inference' })
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { shape, data }]) => [name, { dtype: 'float32', shape, data: Float32Array.from(data) }]),
  )
}

export const pick = (tensors: Tensors, names: readonly string[]): Tensors =>
  Object.fromEntries(names.flatMap((name) => (tensors[name] ? [[name, tensors[name]]] : [])))

/** One row of a batch, with a batch of 1. */
export function rowOf(tensors: Tensors, row: number): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape, data }]) => {
      const length = data.length / shape[0]!
      return [name, { dtype, shape: [1, ...shape.slice(1)], data: data.slice(row * length, (row + 1) * length) }]
    }),
  )
}

/** Everything of batches that must repeat, as one text. */
export function fingerprintOf(batches: readonly Batch[]): string {
  return JSON.stringify(
    batches.map(({ position, examples, inputs, truth }) => ({
      position,
      examples,
      truth: truth ?? null,
      inputs: Object.entries(inputs).map(([name, { dtype, shape, data }]) => [
        name,
        dtype,
        shape,
        Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
      ]),
    })),
  )
}
