import type { AskedFile, Calibration, Tensors, TrainingEngine } from '../../contracts/index.js'
import { withInference } from '../../training/index.js'
import type { DeployableModel } from '../load-model.js'
import { type Example, picked, rowOf } from '../verification/example.js'
import { type Infer, verifyFiles } from '../verification/verify-files.js'

export interface CalibrationSource {
  readonly model: Pick<DeployableModel, 'graph' | 'weights' | 'task' | 'architecture' | 'targets'>
  readonly engine: TrainingEngine
  /** Of the engine; 0 = all. */
  readonly threads: number
  readonly examples: readonly Example[]
  readonly synthetic: boolean
  /** How to run a file; null: nothing here can. */
  readonly infer: Infer | null
  readonly whileWorking: <T>(work: () => Promise<T>) => Promise<T>
}

/** Images to the engine at once: their values, of every layer, lie in memory together. */
const batchSize = 4

/** What an exporter may ask of a model's values and of its trial files, on these images. */
export function calibrationOf(source: CalibrationSource): Calibration {
  const { examples, synthetic, infer, whileWorking } = source
  let answers: Promise<readonly Tensors[]> | null = null
  return {
    images: examples.length,
    synthetic,
    whileWorking,
    observe: (ids) => observe(source, ids),
    async distance(file) {
      if (!infer) return null
      answers ??= engineAnswers(source)
      return distanceOf(source, infer, file, await answers)
    },
  }
}

async function* observe(source: CalibrationSource, ids: readonly string[]): AsyncGenerator<Tensors> {
  const { model, engine, whileWorking } = source
  const inputs = Object.keys(model.graph.inputs)
  const nodes = ids.filter((id) => !inputs.includes(id))
  const session = await engine.compileInference({ model: model.graph, nodes, batchSize, plan: await planOf(source) })
  try {
    await session.load(model.weights)
    for (const { tensors, rows } of batchesOf(source.examples, inputs)) {
      const values = await whileWorking(() => session.run(tensors))
      yield eachRowOf(picked({ ...values, ...tensors }, ids), rows)
    }
  } finally {
    await session.close()
  }
}

/** The engine's answer to each image, by output name. */
async function engineAnswers(source: CalibrationSource): Promise<readonly Tensors[]> {
  const { model, engine, whileWorking } = source
  const { graph } = model
  const request = { model: graph, batchSize, plan: await planOf(source) }
  return withInference(engine, request, model.weights, async (session) => {
    const answers: Tensors[] = []
    for (const { tensors, rows } of batchesOf(source.examples, Object.keys(graph.inputs))) {
      const outputs = picked(await whileWorking(() => session.run(tensors)), Object.keys(graph.outputs))
      for (let row = 0; row < rows; row++) answers.push(rowOf(outputs, row, batchSize))
    }
    return answers
  })
}

async function distanceOf(
  { model, examples, whileWorking, synthetic }: CalibrationSource,
  infer: Infer,
  file: AskedFile,
  answers: readonly Tensors[],
): Promise<number> {
  const { task, architecture, graph, targets } = model
  const agreement = task.agreement(architecture.task.options, targets, synthetic ? 'synthetic' : 'photos')
  let next = 0
  // The answers are known already: the session that verifyFiles asks gives them one by one.
  const session = { run: async () => answers[next++]! }
  async function* batches() {
    for (const { inputs, truth } of examples) yield { inputs, ...(truth && { truth }), examples: [0] }
  }
  await verifyFiles({ graph, session, files: [{ file, infer, agreement }], batches: batches(), whileWorking })
  return agreement.comparison().distance
}

function planOf({ engine, threads, model }: CalibrationSource) {
  return engine.plan(threads > 0 ? { threads } : {}, model.graph, batchSize)
}

interface InputBatch {
  readonly tensors: Tensors
  /** Those that are no padding. */
  readonly rows: number
}

/** Full batches; the last repeats its last image. */
function* batchesOf(examples: readonly Example[], names: readonly string[]): Generator<InputBatch> {
  for (let first = 0; first < examples.length; first += batchSize) {
    const rows = examples.slice(first, first + batchSize)
    const full = Array.from({ length: batchSize }, (_, i) => (rows[i] ?? rows.at(-1)!).inputs)
    yield {
      tensors: Object.fromEntries(names.map((name) => [name, stacked(full.map((inputs) => inputs[name]!))])),
      rows: rows.length,
    }
  }
}

function stacked(tensors: readonly Tensors[string][]): Tensors[string] {
  const { shape, data } = tensors[0]!
  const all = new Float32Array(data.length * tensors.length)
  for (const [row, tensor] of tensors.entries()) all.set(tensor.data as Float32Array, row * data.length)
  return { dtype: 'float32', shape: [tensors.length, ...shape.slice(1)], data: all }
}

/** Without the rows that are padding. */
function eachRowOf(tensors: Tensors, rows: number): Tensors {
  if (rows === batchSize) return tensors
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      const { shape, data } = tensor
      if (shape[0] !== batchSize) return [name, tensor]
      const kept = data.slice(0, (data.length / batchSize) * rows)
      return [name, { ...tensor, shape: [rows, ...shape.slice(1)], data: kept } as typeof tensor]
    }),
  )
}
