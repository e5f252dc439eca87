import type { ModelBundle } from '../bundle/index.js'
import type { JsonObject, Tensors } from '../contracts/index.js'
import { type MnasErrorRecord, toErrorRecord } from '../errors/index.js'
import { lower } from '../graph/index.js'
import type { Registry } from '../plugins/index.js'

export interface PredictRequest {
  readonly registry: Registry
  readonly bundle: ModelBundle
  readonly weights: Tensors
  readonly images: readonly string[]
  readonly engine: string
  readonly signal: AbortSignal
}

/** One image's answer, or why there is none. */
export type Prediction = { readonly image: string } & (
  | { readonly output: JsonObject; readonly error: null }
  | { readonly output: null; readonly error: MnasErrorRecord }
)

/** Runs a bundle on image files, one at a time, with the transform it was evaluated with. A file that cannot be read spoils only its own row. */
export async function predictImages(request: PredictRequest): Promise<readonly Prediction[]> {
  const { registry, bundle, weights, images, signal } = request
  const task = await registry.get('task', bundle.task.name)
  const engine = await registry.get('engine', request.engine)
  const model = task.deployedHead(lower(bundle.architecture, task))
  const plan = await engine.plan({}, model, 1)
  const session = await engine.compileInference({ model, batchSize: 1, plan })
  const predictions: Prediction[] = []
  try {
    await session.load(weights)
    for (const image of images) {
      signal.throwIfAborted()
      predictions.push(
        await task.readInput(image, bundle.architecture.input.size, bundle.preprocessing).then(
          async (inputs) => ({ image, output: task.describeOutput(await session.run(inputs), bundle.labels), error: null }),
          (error) => ({ image, output: null, error: toErrorRecord(error) }),
        ),
      )
    }
    return predictions
  } finally {
    await session.close()
  }
}
