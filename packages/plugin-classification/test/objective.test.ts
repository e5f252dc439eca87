import type { Graph } from '@mnas/core/contracts'
import { GraphBuilder } from '@mnas/core/graph'
import { interpret } from '@mnas/core/testing'
import { recipeSchema } from '@mnas/core/training'
import { describe, expect, it } from 'vitest'
import { classificationObjective } from '#internal/objective.js'
import { recipes } from '#internal/recipes.js'

function modelOf(classes: number): Graph {
  const builder = new GraphBuilder()
  builder.input('image', { shape: [classes], dtype: 'float32', batched: true })
  const origin = { block: 'head', layer: 0, role: 'logits' } as const
  builder.output('logits', builder.add('relu', { id: 'logits', inputs: ['image'], attributes: {}, origin }))
  return builder.build()
}

const logits = [
  [1, 2, 0.5],
  [-1, 0, 3],
  [7, 7, 7],
]
const labels = [
  [0, 1, 0],
  [0.7, 0.3, 0],
  [0, 0, 0],
]

function lossOf(labelSmoothing: number, weight: readonly number[]): number {
  const graph = classificationObjective(modelOf(3), { labelSmoothing })
  const tensor = (rows: readonly (readonly number[])[]) => ({ shape: [3, 3], data: Float64Array.from(rows.flat()) })
  const inputs = { logits: tensor(logits), labels: tensor(labels), weight: { shape: [3], data: Float64Array.from(weight) } }
  const { outputs } = interpret(graph, { inputs, weights: {}, mode: 'training' })
  expect(outputs['loss']!.shape).toEqual([])
  return outputs['loss']!.data[0]!
}

function byHand(labelSmoothing: number, weight: readonly number[]): number {
  let [sum, total] = [0, 0]
  for (const [row, w] of weight.entries()) {
    const normaliser = Math.log(logits[row]!.reduce((powers, logit) => powers + Math.exp(logit), 0))
    const soft = labels[row]!.map((label) => (1 - labelSmoothing) * label + labelSmoothing / 3)
    sum += w * soft.reduce((entropy, label, k) => entropy - label * (logits[row]![k]! - normaliser), 0)
    total += w
  }
  return sum / total
}

describe('the objective', () => {
  it('is the weighted mean of the soft cross-entropy, padding left out', () => {
    for (const smoothing of [0, 0.1]) {
      for (const weight of [
        [1, 1, 0],
        [0.5, 2, 0],
      ]) {
        expect(lossOf(smoothing, weight)).toBeCloseTo(byHand(smoothing, weight), 6)
      }
    }
    expect(lossOf(0.1, [1, 1, 0])).not.toBeCloseTo(lossOf(0, [1, 1, 0]), 3)
  })

  it('smooths nothing by default and names a wrong field', () => {
    const operations = (loss: Parameters<typeof classificationObjective>[1]) =>
      classificationObjective(modelOf(3), loss).nodes.map(({ op }) => op)
    expect(operations({})).toEqual(operations({ labelSmoothing: 0 }))
    expect(() => operations({ smoothing: 0.1 })).toThrow(expect.objectContaining({ code: 'MNAS_DATA_AUGMENTATION' }))
    expect(() => operations({ labelSmoothing: 1 })).toThrow(/labelSmoothing/)
  })
})

describe('the recipes', () => {
  it.each(Object.entries(recipes))('%s is one that core understands and the task too', (_, recipe) => {
    expect(recipeSchema.parse(recipe)).toMatchObject(recipe)
    expect(classificationObjective(modelOf(3), recipe.loss).outputs).toHaveProperty('loss')
  })
})
