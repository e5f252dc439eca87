import type { BoxEvaluation, CocoNumber, LabelEvaluation } from './box-evaluation.js'
import type { ClassPrecision } from './class-precision.js'
import { areaRanges, type BoxSize, boxSizes } from './coco-rules.js'
import { Mean } from './mean.js'

/** What a mean is of: precisions at all overlaps or at one, recalls with 1, 10 or 100 detections of an image. */
type Figure = 'precision' | 'precision50' | 'precision75' | 'recall1' | 'recall10' | 'recall100'

const ofAll = { map: 'precision', map50: 'precision50', map75: 'precision75' } as const
const recallsOfAll = { recall1: 'recall1', recall10: 'recall10', recall100: 'recall100' } as const

/** Sums what the labels of an evaluation say. */
export class EvaluationSums {
  readonly #means = new Map<string, Mean>()
  readonly #labels: (LabelEvaluation | null)[] = []
  readonly #objects: Record<BoxSize, number> = { small: 0, medium: 0, large: 0 }

  /** @param objects to be found of the next label, by area */
  beginLabel(objects: Int32Array): void {
    this.#labels.push(null)
    for (const [area, { name }] of areaRanges.entries()) if (name !== 'all') this.#objects[name] += objects[area]!
  }

  /** One area and threshold of the label that was begun last. */
  add(area: number, threshold: number, objects: number, read: ClassPrecision): void {
    const { name } = areaRanges[area]!
    const { average, precision, recalls } = read
    this.#mean('precision', name).add(average)
    for (const [at, figure] of (['recall1', 'recall10', 'recall100'] as const).entries())
      this.#mean(figure, name).add(recalls[at]!)
    if (threshold === 0) this.#mean('precision50', name).add(average)
    if (threshold === 5) this.#mean('precision75', name).add(average)
    if (threshold === 0 && name === 'all') {
      this.#labels[this.#labels.length - 1] = { objects, ap50: average, precision: precision.slice() }
    }
  }

  result(): BoxEvaluation {
    const sizes = (figure: Figure, prefix: string) =>
      boxSizes.map((size) => [`${prefix}${size[0]!.toUpperCase()}${size.slice(1)}`, this.#mean(figure, size)] as const)
    const all = (names: Readonly<Record<string, Figure>>) =>
      Object.entries(names).map(([name, figure]) => [name, this.#mean(figure, 'all')] as const)
    const means = [...all(ofAll), ...sizes('precision', 'map'), ...all(recallsOfAll), ...sizes('recall100', 'recall')]
    const numbers = means.flatMap(([name, { value }]) => (value === undefined ? [] : [[name as CocoNumber, value] as const]))
    return { numbers: Object.fromEntries(numbers), labels: this.#labels, objects: this.#objects }
  }

  #mean(figure: Figure, area: string): Mean {
    const key = `${figure} ${area}`
    const mean = this.#means.get(key) ?? new Mean()
    this.#means.set(key, mean)
    return mean
  }
}
