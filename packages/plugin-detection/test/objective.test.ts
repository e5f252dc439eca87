import type { Graph, JsonObject } from '@mnas/core/contracts'
import { bindObjective, gradientPath } from '@mnas/core/graph'
import { finiteDifferences, interpret } from '@mnas/core/testing'
import { recipeSchema } from '@mnas/core/training'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAugmentation } from '#internal/augmentation/augmentation.js'
import { detectionObjective } from '#internal/objective/detection-objective.js'
import { recipes } from '#internal/recipes.js'
import { answeringModel, exampleImages, goldenTargets, kernelOf } from './support/golden-loss.js'
import { goldenParts } from './support/golden-parts.js'

const spec = (...shape: readonly number[]) => ({ shape, dtype: 'float32', batched: true }) as const
const modelOf = (anchors: number, columns: number): Graph => ({
  inputs: { scores: spec(anchors, columns), boxes: spec(anchors, 4) },
  nodes: [],
  outputs: { scores: 'scores', boxes: 'boxes' },
})
const doubles = (shape: readonly number[], values: readonly number[]) => ({ shape, data: Float64Array.from(values) })

interface Examples {
  readonly scores: readonly (readonly (readonly number[])[])[]
  readonly boxes: readonly (readonly (readonly number[])[])[]
  readonly targetClass: readonly (readonly number[])[]
  readonly targetBox: readonly (readonly (readonly number[])[])[]
  readonly weight: readonly number[]
}

function lossesOf(examples: Examples, loss: JsonObject) {
  const { scores, boxes, targetClass, targetBox, weight } = examples
  const [batch, anchors, columns] = [weight.length, scores[0]!.length, scores[0]![0]!.length]
  const inputs = {
    scores: doubles([batch, anchors, columns], scores.flat(2)),
    boxes: doubles([batch, anchors, 4], boxes.flat(2)),
    targetClass: doubles([batch, anchors], targetClass.flat()),
    targetBox: doubles([batch, anchors, 4], targetBox.flat(2)),
    weight: doubles([batch], weight),
  }
  const graph = detectionObjective(modelOf(anchors, columns), loss)
  const { outputs } = interpret(graph, { inputs, weights: {}, mode: 'training' })
  for (const { shape } of Object.values(outputs)) expect(shape).toEqual([])
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data[0]!]))
}

const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const smooth = (d: number) => (Math.abs(d) < 1 ? (d * d) / 2 : Math.abs(d) - 0.5)

/** The formulas again, in loops. */
function byHand({ scores, boxes, targetClass, targetBox, weight }: Examples, kind: 'multibox' | 'focal') {
  let [classes, shift, matches] = [0, 0, 0]
  for (const [n, counts] of weight.entries()) {
    if (counts === 0) continue
    const own = targetClass[n]!
    const positives = own.filter((one) => one > 0).length
    matches += positives
    const entropies = scores[n]!.map((row, anchor) => sum(row.map((x, k) => softplus(x) - (k === own[anchor] ? x : 0))))
    const hardest = [...entropies.keys()]
      .filter((anchor) => own[anchor] === 0)
      .sort((a, b) => entropies[b]! - entropies[a]! || a - b)
    const kept = new Set(hardest.slice(0, Math.max(3, 3 * positives)))
    for (const [anchor, row] of scores[n]!.entries()) {
      if (kind === 'multibox' && (own[anchor]! > 0 || kept.has(anchor))) classes += entropies[anchor]!
      if (kind === 'focal') {
        classes += sum(
          row.map((x, k) => {
            const isOwn = k > 0 && k === own[anchor]
            const wrong = isOwn ? -x : x
            return (isOwn ? 0.75 : 0.25) * sigmoid(wrong) ** 2 * softplus(wrong)
          }),
        )
      }
      if (own[anchor]! > 0) shift += sum(boxes[n]![anchor]!.map((value, axis) => smooth(value - targetBox[n]![anchor]![axis]!)))
    }
  }
  const divisor = Math.max(1, matches)
  const [classLoss, boxLoss] = [classes / divisor, shift / (kind === 'focal' ? 4 * divisor : divisor)]
  return { loss: classLoss + boxLoss, classLoss, boxLoss }
}

const number = fc.double({ min: -6, max: 6, noNaN: true })
const examples = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 4 }))
  .chain(([batch, anchors, classes]): fc.Arbitrary<Examples> => {
    const cube = (columns: number) => {
      const row = fc.array(number, { minLength: columns, maxLength: columns })
      const example = fc.array(row, { minLength: anchors, maxLength: anchors })
      return fc.array(example, { minLength: batch, maxLength: batch })
    }
    const ids = fc.array(fc.oneof({ arbitrary: fc.constant(0), weight: 3 }, fc.integer({ min: 0, max: classes })), {
      minLength: anchors,
      maxLength: anchors,
    })
    return fc.record({
      scores: cube(classes + 1),
      boxes: cube(4),
      targetClass: fc.array(ids, { minLength: batch, maxLength: batch }),
      targetBox: cube(4),
      weight: fc.array(fc.constantFrom(0, 1, 1), { minLength: batch, maxLength: batch }),
    })
  })

describe.each(['multibox', 'focal'] as const)('the loss %s', (kind) => {
  it('is what its formula says, padding left out', () => {
    fc.assert(
      fc.property(examples, (given) => {
        const expected = byHand(given, kind)
        const close = Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, expect.closeTo(value, 8)]))
        expect(lossesOf(given, { kind })).toEqual(close)
      }),
      { numRuns: 60 },
    )
  })

  it('reaches every score that counts and every box, and stays a number for certain scores', () => {
    const anchors = 5
    const graph = bindObjective(answeringModel(1, anchors, 3), detectionObjective(answeringModel(1, anchors, 3), { kind }))
    const path = gradientPath(graph, graph.outputs['loss']!, ({ op }) => op === 'dense')
    for (const id of ['scores_dense', 'boxes_dense']) expect(path.has(id)).toBe(true)
    const certain = [
      [
        [-90, 90, -90],
        [90, -90, -90],
        [90, 90, -90],
        [0, 0, 0],
        [-90, -90, 90],
      ],
    ]
    const zeros = certain.map((rows) => rows.map(() => [0, 0, 0, 0]))
    const given = { scores: certain, boxes: zeros, targetBox: zeros, targetClass: [[1, 0, 2, 0, 1]], weight: [1] }
    for (const value of Object.values(lossesOf(given, { kind }))) expect(Number.isFinite(value)).toBe(true)
  })
})

describe.skipIf(goldenParts === null)('the golden loss', () => {
  const golden = goldenParts?.loss
  const given = () => ({ ...golden!, scores: golden!.logits, targetBox: golden!.targetBoxes })

  it('is that of multibox, also where no image of the batch has a box', () => {
    const { loss, classLoss, boxLoss } = lossesOf(given(), { kind: 'multibox' })
    expect([loss, classLoss, boxLoss]).toEqual(
      [golden!.loss, golden!.classLoss, golden!.boxLoss].map((v) => expect.closeTo(v, 10)),
    )
    const of = <T>(rows: readonly T[]) => rows.slice(1, 2)
    const { scores, boxes, targetClass, targetBox, weight } = given()
    const alone = {
      scores: of(scores),
      boxes: of(boxes),
      targetClass: of(targetClass),
      targetBox: of(targetBox),
      weight: of(weight),
    }
    expect(lossesOf(alone, { kind: 'multibox' })['loss']).toBeCloseTo(golden!.onlyImageWithoutBoxes.loss, 10)
  })

  it('has the golden gradients', () => {
    const [batch, anchors] = [golden!.weight.length, golden!.anchors.length]
    const model = answeringModel(batch, anchors, golden!.classes + 1)
    const weights = { 'scores_dense.kernel': kernelOf(golden!.logits), 'boxes_dense.kernel': kernelOf(golden!.boxes) }
    const inputs = { image: exampleImages(batch, batch), ...goldenTargets(golden!, batch) }
    const graph = bindObjective(model, detectionObjective(model, { kind: 'multibox' }))
    const gradients = finiteDifferences(graph, { inputs, weights, mode: 'training' })
    for (const [name, expected] of [
      ['scores', golden!.gradientLogits],
      ['boxes', golden!.gradientBoxes],
    ] as const) {
      const wanted = kernelOf(expected).data
      const { indices, values } = gradients[`${name}_dense.kernel`]!
      expect(Math.max(...indices.map((index, i) => Math.abs(values[i]! - wanted[index]!)))).toBeLessThan(1e-5)
    }
  })
})

describe('the options of a loss', () => {
  it.each([
    [{ kind: 'softmax' }, 'kind'],
    [{}, 'kind'],
    [{ kind: 'focal', alpha: 2 }, 'alpha'],
    [{ kind: 'multibox', gamma: 2 }, 'gamma'],
  ])('are refused: %o', (loss, field) => {
    expect(() => detectionObjective(modelOf(4, 3), loss as JsonObject)).toThrow(
      expect.objectContaining({ code: 'MNAS_DETECTION_RECIPE', message: expect.stringContaining(field) }),
    )
  })
})

describe('the recipes', () => {
  it.each(Object.entries(recipes))('%s is one that core understands and the task too', (_, recipe) => {
    expect(recipeSchema.parse(recipe)).toMatchObject(recipe)
    expect(detectionObjective(modelOf(4, 3), recipe.loss).outputs).toHaveProperty('loss')
    expect(parseAugmentation(recipe.augmentation)).toMatchObject(recipe.augmentation)
  })
})
