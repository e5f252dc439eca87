import type { ExecutionPlan, TrainingEngine } from '@mnas/core/contracts'
import onnx from '@mnas/engine-onnx'
import tfjs from '@mnas/engine-tfjs'
import { describe, expect, it } from 'vitest'
import { detectionObjective } from '#internal/objective/detection-objective.js'
import { answeringModel, exampleImages, goldenTargets, kernelOf } from './support/golden-loss.js'
import { goldenParts } from './support/golden-parts.js'

interface Way {
  readonly name: string
  readonly engine: TrainingEngine
  readonly mode: ExecutionPlan['mode']
  readonly wish: Partial<ExecutionPlan>
}
const ways: readonly Way[] = [
  { name: 'onnx, standard', engine: onnx, mode: 'standard', wish: { mode: 'standard', threads: 1 } },
  { name: 'onnx, fast', engine: onnx, mode: 'fast', wish: { mode: 'standard', threads: 1 } },
  { name: 'tfjs in JavaScript alone', engine: tfjs, mode: 'standard', wish: { accelerator: 'tfjs-cpu' } },
]
/** A multiple of every lane block, for the fast mode. */
const batch = 16

describe.skipIf(goldenParts === null)('the golden loss in the engines', () => {
  it.each(ways)('$name: loss and gradients', async ({ engine, mode, wish }) => {
    const golden = goldenParts!.loss
    const examples = golden.weight.length
    const model = answeringModel(examples, golden.anchors.length, golden.classes + 1)
    const objective = detectionObjective(model, { kind: 'multibox' })
    const plan = { ...(await engine.plan(wish, model, batch)), mode }
    const optimizer = { kind: 'sgd', momentum: 0, weightDecay: 0, average: false } as const
    const session = await engine.compile({
      model,
      objective,
      optimizer,
      frozen: [],
      batchSize: batch,
      batchNormMomentum: 0.9,
      plan,
    })
    try {
      const weights = { 'scores_dense.kernel': kernelOf(golden.logits), 'boxes_dense.kernel': kernelOf(golden.boxes) }
      await session.load(weights)
      const inputs = { image: exampleImages(examples, batch), ...goldenTargets(golden, batch) }
      const outputs = await session.step(inputs, { learningRate: 1, averageDecay: 0 })
      for (const name of ['loss', 'classLoss', 'boxLoss'] as const) {
        expect(Math.abs(outputs[name]! - golden[name]) / golden[name]).toBeLessThan(1e-4)
      }
      const after = await session.weights('raw')
      const wanted = { scores: kernelOf(golden.gradientLogits), boxes: kernelOf(golden.gradientBoxes) }
      for (const [name, gradient] of Object.entries(wanted)) {
        const [was, is] = [weights[`${name as 'scores'}_dense.kernel`].data, after[`${name}_dense.kernel`]!.data]
        expect(Math.max(...gradient.data.map((value, i) => Math.abs(was[i]! - is[i]! - value)))).toBeLessThan(1e-4)
      }
    } finally {
      await session.close()
    }
  })
})
