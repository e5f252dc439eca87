import type { Batch } from '@mnas/core/contracts'
import { describe, expect, it } from 'vitest'
import { charts } from '#internal/charts/charts.js'
import { describeOutput } from '#internal/describe-output.js'
import { ClassificationMetrics } from '#internal/metrics.js'

const labels = ['cat', 'dog', 'cow', 'hen', 'pig', 'elk']

function batchOf(truths: readonly number[], examples = truths.map((_, index) => index)): Batch {
  const data = new Float32Array(truths.length * labels.length)
  for (const [row, truth] of truths.entries()) data[row * labels.length + truth] = 1
  return {
    position: { epoch: 0, index: 0 },
    examples,
    inputs: { labels: { dtype: 'float32', shape: [truths.length, labels.length], data } },
  }
}
const logitsOf = (...rows: readonly (readonly number[])[]) => ({
  logits: { dtype: 'float32' as const, shape: [rows.length, labels.length], data: Float32Array.from(rows.flat()) },
})

describe('metrics', () => {
  it('equal values worked out by hand, over several batches, padding left out', () => {
    const metrics = new ClassificationMetrics(labels)
    // cat right; cat wrong (2nd); dog wrong (6th)
    metrics.add(batchOf([0, 0, 1]), logitsOf([2, 0, 0, 0, 0, 0], [1, 3, 0, 0, 0, 0], [5, 0, 4, 3, 2, 1]))
    // dog right; the last two rows are padding
    metrics.add(batchOf([1, 2, 2], [3, -1, -1]), logitsOf([0, 1, 0, 0, 0, 0], [9, 9, 9, 9, 9, 9], [0, 0, 9, 0, 0, 0]))
    const entropy = (own: number, ...logits: readonly number[]) =>
      Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - own
    const loss =
      (entropy(2, 2, 0, 0, 0, 0, 0) +
        entropy(1, 1, 3, 0, 0, 0, 0) +
        entropy(0, 5, 0, 4, 3, 2, 1) +
        entropy(1, 0, 1, 0, 0, 0, 0)) /
      4
    expect(metrics.result()).toEqual({
      top1: 0.5,
      top5: 0.75,
      balancedAccuracy: 0.5,
      loss: expect.closeTo(loss, 6),
      count: 4,
      'perClass.cat': 0.5,
      'perClass.dog': 0.5,
    })
  })

  it('count what was taken for what, for the confusion matrix', () => {
    const metrics = new ClassificationMetrics(labels)
    metrics.add(batchOf([0, 0, 1, 5]), logitsOf([2, 0, 0, 0, 0, 0], [1, 3, 0, 0, 0, 0], [5, 0, 4, 3, 2, 1], [0, 0, 0, 0, 0, 1]))
    metrics.add(batchOf([0, 2], [4, -1]), logitsOf([1, 1, 0, 0, 0, 0], [9, 0, 0, 0, 0, 0]))
    const nan = Number.NaN
    metrics.add(batchOf([2, 2]), logitsOf([nan, nan, nan, nan, nan, nan], [nan, 0, nan, 7, 0, 0]))
    expect(metrics.details()).toEqual({
      confusion: [
        [0, 0, 2],
        [0, 1, 1],
        [1, 0, 1],
        [2, 3, 1],
        [5, 5, 1],
      ],
    })
    expect(new ClassificationMetrics(labels).details()).toEqual({ confusion: [] })
  })

  it('become a chart, also when they come from a file', () => {
    const metrics = new ClassificationMetrics(labels)
    metrics.add(batchOf([0, 0]), logitsOf([2, 0, 0, 0, 0, 0], [1, 3, 0, 0, 0, 0]))
    const drawn = charts(JSON.parse(JSON.stringify(metrics.details())), { title: 'pets', labels })
    expect(Object.keys(drawn)).toEqual(['confusion'])
    expect(drawn['confusion']).toMatchObject({ title: { text: 'pets' }, data: { values: [{ count: 1 }, { count: 1 }] } })
    expect(() => charts({ confusion: [[0]] }, { title: 'pets', labels })).toThrow(/confusion/)
  })

  it('weigh classes equally in balancedAccuracy', () => {
    const metrics = new ClassificationMetrics(labels)
    const cat = [9, 0, 0, 0, 0, 0]
    metrics.add(batchOf([0, 0, 0, 1]), logitsOf(cat, cat, cat, cat))
    expect(metrics.result()).toMatchObject({ top1: 0.75, balancedAccuracy: 0.5, 'perClass.cat': 1, 'perClass.dog': 0 })
  })

  it('count a tie for the lower index, a NaN for nobody, and huge logits without overflow', () => {
    const metrics = new ClassificationMetrics(labels)
    metrics.add(batchOf([0, 1]), logitsOf([1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1]))
    expect(metrics.result()).toMatchObject({ top1: 0.5, top5: 1 })
    const broken = new ClassificationMetrics(labels)
    broken.add(batchOf([0]), logitsOf([Number.NaN, Number.NaN, 0, 0, 0, 0]))
    expect(broken.result()).toMatchObject({ top1: 0, top5: 0, loss: Number.NaN })
    const huge = new ClassificationMetrics(labels)
    huge.add(batchOf([1]), logitsOf([1e4, 0, 0, 0, 0, 0]))
    expect(huge.result().loss).toBeCloseTo(1e4, 3)
  })

  it('of nothing are zero', () => {
    expect(new ClassificationMetrics(labels).result()).toEqual({ top1: 0, top5: 0, balancedAccuracy: 0, loss: 0, count: 0 })
  })
})

describe('describeOutput', () => {
  it('lists labels with probabilities, best first, from probabilities', () => {
    const named = ['a', 'b', 'c']
    const tensor = (...values: readonly number[]) => ({
      dtype: 'float32' as const,
      shape: [1, 3],
      data: Float32Array.from(values),
    })
    expect(describeOutput({ probabilities: tensor(0.25, 0.125, 0.625) }, { labels: named })).toEqual({
      predictions: [
        { label: 'c', probability: 0.625 },
        { label: 'a', probability: 0.25 },
        { label: 'b', probability: 0.125 },
      ],
    })
  })
})
