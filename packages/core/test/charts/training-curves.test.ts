import { type CurvePoint, trainingCurves } from '@mnas/core/charts'
import { describe, expect, it } from 'vitest'

const headline = { name: 'top1', label: 'top-1', percent: true }

interface Row {
  readonly epoch: number
  readonly series: string
  readonly value: number
}
interface Layer {
  readonly mark: { readonly type: string; readonly point?: unknown }
  readonly data?: { readonly values: readonly { readonly epoch: number }[] }
  readonly encoding?: {
    readonly y: { readonly scale: { readonly domain?: readonly number[] }; readonly axis: { readonly format: string } }
  }
}
interface Panel {
  readonly title: { readonly text: string }
  readonly data: { readonly values: readonly Row[] }
  readonly encoding: {
    readonly x: { readonly scale: { readonly domain: readonly number[] }; readonly axis: { title: string | null } }
  }
  readonly layer: readonly Layer[]
}
const curves = (history: readonly CurvePoint[], best?: number) =>
  trainingCurves({ title: 'photos', history, headline, ...(best !== undefined && { best }) }) as unknown as {
    readonly title: { readonly text: string; readonly subtitle: string }
    readonly vconcat: readonly Panel[]
  }
const point = (epoch: number, metrics: CurvePoint['metrics'] = { loss: 1 / epoch, top1: epoch / 10 }): CurvePoint => {
  return { epoch, trainingLoss: 2 / epoch, learningRate: 0.1 * epoch, metrics }
}
const points = (epochs: number) => Array.from({ length: epochs }, (_, index) => point(index + 1))
const titles = ({ vconcat }: { readonly vconcat: readonly Panel[] }) => vconcat.map(({ title }) => title.text)
const lineOf = ({ layer }: Panel) => layer.at(-1)!

describe('training curves', () => {
  it('are losses, the held-out primary metric and the learning rate over the same epochs', () => {
    const drawn = curves(points(3))
    expect(titles(drawn)).toEqual(['loss', 'held-out top-1', 'learning rate'])
    expect(drawn.vconcat[0]!.data.values).toEqual([
      { epoch: 1, series: 'training', value: 2 },
      { epoch: 2, series: 'training', value: 1 },
      { epoch: 3, series: 'training', value: 2 / 3 },
      { epoch: 1, series: 'held-out', value: 1 },
      { epoch: 2, series: 'held-out', value: 0.5 },
      { epoch: 3, series: 'held-out', value: 1 / 3 },
    ])
    expect(drawn.vconcat[1]!.data.values.map(({ value }) => value)).toEqual([0.1, 0.2, 0.3])
    expect(drawn.vconcat.map(({ encoding }) => encoding.x.scale.domain)).toEqual([
      [0, 3],
      [0, 3],
      [0, 3],
    ])
    expect(drawn.vconcat.map(({ encoding }) => encoding.x.axis.title)).toEqual([null, null, 'epoch'])
    expect(lineOf(drawn.vconcat[1]!).encoding!.y.axis.format).toBe('~%')
  })

  it('name the epoch whose weights were kept, and mark it in every panel', () => {
    const drawn = curves(points(3), 2)
    expect(drawn.title).toEqual({
      text: 'photos',
      subtitle: '3 epochs; weights of epoch 2, the best on the held-out images: top-1 20.0 %',
    })
    for (const { layer } of drawn.vconcat)
      expect(layer[0]).toMatchObject({ mark: { type: 'rule' }, data: { values: [{ epoch: 2 }] } })
    expect(curves(points(1)).title.subtitle).toBe('1 epoch')
    expect(curves(points(1)).vconcat.map(({ layer }) => layer.length)).toEqual([1, 1, 1])
  })

  it('leave out epochs that were not evaluated and numbers that are none', () => {
    const drawn = curves([point(1, null), point(2), point(3, { loss: Number.NaN, top1: 0.5 }), point(4, {})])
    expect(drawn.vconcat[0]!.data.values.filter(({ series }) => series === 'held-out').map(({ epoch }) => epoch)).toEqual([2])
    expect(drawn.vconcat[1]!.data.values.map(({ epoch }) => epoch)).toEqual([2, 3])
    expect(JSON.stringify(drawn)).not.toContain('null,"series"')
  })

  it('leave out a panel without numbers', () => {
    expect(titles(curves([point(1, null), point(2, null)]))).toEqual(['loss', 'learning rate'])
  })

  it('give a line that is flat a scale with two ends', () => {
    const flat = curves([point(1, { top1: 0 }), point(2, { top1: 0 })])
    expect(lineOf(flat.vconcat[1]!).encoding!.y.scale.domain).toEqual([-1, 1])
    expect(lineOf(curves(points(2)).vconcat[1]!).encoding!.y.scale.domain).toBeUndefined()
  })

  it('mark single epochs only while they can be told apart', () => {
    expect(lineOf(curves(points(60)).vconcat[0]!).mark.point).not.toBe(false)
    expect(lineOf(curves(points(350)).vconcat[0]!).mark.point).toBe(false)
  })
})
