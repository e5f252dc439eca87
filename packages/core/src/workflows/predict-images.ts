import type { ModelBundle } from '../bundle/index.js'
import type { InferenceSession, JsonObject, Task, Tensors } from '../contracts/index.js'
import { parseOptions } from '../deployment/index.js'
import { type MnasErrorRecord, toErrorRecord } from '../errors/index.js'
import type { Reporter } from '../events/index.js'
import { nonJsonNumber } from '../files/index.js'
import { lower } from '../graph/index.js'
import type { Registry } from '../plugins/index.js'
import { targetsOf, withInference } from '../training/index.js'
import { workflowErrors } from './errors.js'
import { filesToPredict } from './files-to-predict.js'

export interface PredictRequest {
  readonly registry: Registry
  readonly bundle: ModelBundle
  readonly weights: Tensors
  /** Files, and folders of files. */
  readonly images: readonly string[]
  /** Of `Task.answerOptions`, as the user gave them. */
  readonly options: JsonObject
  readonly reporter: Reporter
  readonly engine: string
  readonly signal: AbortSignal
}

/** One image's answer, or why there is none. */
export type Prediction = { readonly image: string } & (
  | { readonly output: JsonObject; readonly error: null }
  | { readonly output: null; readonly error: MnasErrorRecord }
)

/**
 * Runs a bundle on image files, one at a time, with the transform it was evaluated with. A file that cannot be read spoils only its own row.
 * @throws MNAS_PREDICT_OPTION, MNAS_PREDICT_EMPTY
 */
export async function predictImages(request: PredictRequest): Promise<readonly Prediction[]> {
  const { registry, bundle, weights, reporter, signal } = request
  const task = await registry.get('task', bundle.task.name)
  const told = answerOptions(task, request.options)
  const images = await filesToPredict(request.images, task)
  const engine = await registry.get('engine', request.engine)
  const { options } = bundle.task
  const trained = lower(bundle.architecture, task)
  const targets = targetsOf(task, trained, options)
  const { graph: model } = task.deployed(trained, options)
  const plan = await engine.plan({}, model, 1)
  return withInference(engine, { model, batchSize: 1, plan }, weights, async (session) => {
    const predictions: Prediction[] = []
    reporter.stage('prediction', bundle.name)
    for (const image of images) {
      signal.throwIfAborted()
      predictions.push(await predict({ task, bundle, targets, told, session }, image))
      reporter.progress({ done: predictions.length, total: images.length, unit: 'images' })
    }
    return predictions
  })
}

function answerOptions({ name, answerOptions: schema }: Task, options: JsonObject): JsonObject {
  return parseOptions(schema, options, (wrong, cause) => workflowErrors.MNAS_PREDICT_OPTION({ task: name, ...wrong }, cause))
}

interface Predictor {
  readonly task: Task
  readonly bundle: ModelBundle
  readonly targets: JsonObject
  /** As the task gave its options back. */
  readonly told: JsonObject
  readonly session: InferenceSession
}

async function predict({ task, bundle, targets, told, session }: Predictor, image: string): Promise<Prediction> {
  const { labels, architecture, preprocessing } = bundle
  try {
    const { inputs, frame } = await task.readInput(image, architecture.input.size, preprocessing)
    const output = task.describeOutput(await session.run(inputs), { labels, frame, targets, options: told })
    const received = nonJsonNumber(output)
    if (received !== null) throw workflowErrors.MNAS_MODEL_NOT_FINITE({ model: bundle.name, received })
    return { image, output, error: null }
  } catch (error) {
    return { image, output: null, error: toErrorRecord(error) }
  }
}
