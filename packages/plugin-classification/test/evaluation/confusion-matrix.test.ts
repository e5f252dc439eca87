import { describe, expect, it } from 'vitest'
import { type ConfusionCount, confusionMatrix } from '#internal/charts/confusion-matrix.js'

interface Cell {
  readonly truth: string
  readonly predicted: string
  readonly count: number
  readonly text: string
  readonly share: number
}
interface Axis {
  readonly values: readonly string[]
  readonly labelAngle?: number
}
interface Matrix {
  readonly title: { readonly text: string; readonly subtitle: readonly string[] }
  readonly width: number
  readonly height: number
  readonly data: { readonly values: readonly Cell[] }
  readonly encoding: Readonly<
    Record<'x' | 'y', { readonly field: string; readonly scale: { domain: string[] }; readonly axis: Axis }>
  >
  readonly layer: readonly { readonly mark: { readonly type: string; readonly width?: number } }[]
}
const matrix = (labels: readonly string[], counts: readonly ConfusionCount[]) =>
  confusionMatrix('photos', labels, counts) as unknown as Matrix
const cellOf = ({ data }: Matrix, truth: string, predicted: string) =>
  data.values.find((cell) => cell.truth === truth && cell.predicted === predicted)
const numbered = (classes: number) => Array.from({ length: classes }, (_, index) => `class ${index}`)
const marks = ({ layer }: Matrix) => layer.map(({ mark }) => mark.type)

const cats: readonly ConfusionCount[] = [
  [0, 0, 6],
  [0, 1, 2],
  [1, 1, 1],
  [1, 0, 0],
]

describe('a confusion matrix', () => {
  it('has true classes down, predicted ones across, and colours each row by its own shares', () => {
    const drawn = matrix(['cat', 'dog'], cats)
    expect(drawn.encoding.y).toMatchObject({ field: 'truth', scale: { domain: ['cat', 'dog'] } })
    expect(drawn.encoding.x).toMatchObject({ field: 'predicted', scale: { domain: ['cat', 'dog'] } })
    expect(cellOf(drawn, 'cat', 'cat')).toMatchObject({ count: 6, share: 0.75 })
    expect(cellOf(drawn, 'cat', 'dog')).toMatchObject({ count: 2, share: 0.25 })
    expect(cellOf(drawn, 'dog', 'dog')).toMatchObject({ count: 1, share: 1 })
    expect(cellOf(drawn, 'dog', 'cat')).toBeUndefined()
  })

  it('says in words how much is right and what is confused most', () => {
    expect(matrix(['cat', 'dog'], cats).title).toEqual({
      text: 'photos',
      subtitle: ['9 examples of 2 classes, 77.8 % on the diagonal', 'most often: cat for dog (2)'],
    })
    expect(matrix(['cat', 'dog'], []).title.subtitle).toEqual(['0 examples of 2 classes'])
  })

  it('isolates a name that is written from right to left, so that it does not turn the sentence around', () => {
    const { subtitle } = matrix(['cat', 'עברית'], cats).title
    expect(subtitle.at(-1)).toBe('most often: cat for \u2068עברית\u2069 (2)')
  })

  it('shows counts up to twenty classes, five digits wide at most', () => {
    expect(marks(matrix(numbered(20), []))).toEqual(['rect', 'text', 'text'])
    expect(marks(matrix(numbered(21), []))).toEqual(['rect'])
    const counts = [99_999, 100_000, 1_234_567].map((count, index): ConfusionCount => [index, index, count])
    expect(matrix(numbered(3), counts).data.values.map(({ text }) => text)).toEqual(['99999', '100K', '1.23M'])
  })

  it.each([1, 2, 6, 20, 21, 137, 1000])('of %i classes is square, of whole pixels a cell, and fits a screen', (classes) => {
    const { width, height } = matrix(numbered(classes), [])
    expect(width).toBe(height)
    expect(width % classes).toBe(0)
    expect(width).toBeGreaterThanOrEqual(180)
    expect(width).toBeLessThanOrEqual(1000)
  })

  it('of many classes names only some, far enough apart to read, and draws cells that can be seen', () => {
    const drawn = matrix(numbered(1000), [[3, 4, 1]])
    const { values } = drawn.encoding.y.axis
    expect(values.length).toBeGreaterThan(50)
    expect(((drawn.height / 1000) * 1000) / values.length).toBeGreaterThanOrEqual(12)
    expect(drawn.layer[0]!.mark.width).toBe(3)
    expect(matrix(numbered(137), []).layer[0]!.mark.width).toBeUndefined()
  })

  it('writes names side by side where they fit, else upright', () => {
    expect(matrix(['cat', 'dog'], []).encoding.x.axis.labelAngle).toBe(0)
    expect(matrix(numbered(20), []).encoding.x.axis.labelAngle).toBe(-90)
    expect(matrix(numbered(20), []).encoding.y.axis.labelAngle).toBeUndefined()
  })

  it('shortens long names in their middle and keeps apart what is alike then', () => {
    const long = (end: string) => `a name that is so long that nobody reads it${'.'.repeat(80)}${end}`
    const { domain } = matrix([long('x'), long('x'), 'a', long('y'), '\n b \t c'], []).encoding.y.scale
    expect(new Set(domain).size).toBe(5)
    expect(domain[0]).toMatch(/^a name that.*….*x$/)
    expect(domain[1]).toBe(`${domain[0]} (2)`)
    expect(domain[3]).toMatch(/y$/)
    expect(domain[4]).toBe(' b c')
  })

  it('cuts no character in two', () => {
    const [name] = matrix(['👩‍🔬'.repeat(40)], []).encoding.y.scale.domain
    expect(name!.replaceAll('👩‍🔬', '')).toBe('…')
  })
})
