import { hash } from 'node:crypto'
import { basename } from 'node:path'
import type { AnnotatedExample } from './annotated-data.js'

/** Share of the pictures that is set apart: for validation when the annotations set none apart, then of the rest as held out. */
export const setApartFraction = 0.15

export interface SplitOptions {
  readonly labels: number
  readonly purpose: 'validation' | 'held-out'
}

export interface Divided {
  readonly apart: readonly AnnotatedExample[]
  readonly rest: readonly AnnotatedExample[]
}

/**
 * Sets pictures apart so that every label has its share of them, after Sechidis, Tsoumakas & Vlahavas 2011: the rarest label chooses
 * first. A label that two pictures have is in both parts; the only picture of a label stays. Pictures without a box are a label
 * of their own. Whose turn it is depends on a hash of each file's name and nothing else, so that it is the same in every run,
 * wherever the data lies and whatever of it was named.
 */
export function splitExamples(examples: readonly AnnotatedExample[], options: SplitOptions): Divided {
  return new Splitter(examples, options).divide()
}

class Splitter {
  /** In the order in which they are drawn, with the labels that each has. */
  readonly #queue: readonly { readonly example: AnnotatedExample; readonly labels: readonly number[] }[]
  readonly #withLabel: readonly number[][]
  readonly #left: number[]
  readonly #apart = new Set<number>()
  readonly #wanted: number

  constructor(examples: readonly AnnotatedExample[], { labels, purpose }: SplitOptions) {
    const place = ({ file }: AnnotatedExample) => hash('sha256', `mnas split 1\0${purpose}\0${basename(file).normalize('NFC')}`)
    const drawn = examples.map((example) => ({ example, place: place(example), labels: labelsOf(example, labels) }))
    this.#queue = drawn.sort((a, b) => compare(a.place, b.place) || compare(a.example.file, b.example.file))
    this.#withLabel = Array.from({ length: labels + 1 }, () => [])
    for (const [at, { labels: own }] of this.#queue.entries()) for (const label of own) this.#withLabel[label]!.push(at)
    this.#left = this.#withLabel.map(({ length }) => length)
    this.#wanted = examples.length < 2 ? 0 : shareOf(examples.length)
  }

  divide(): Divided {
    const counted = this.#withLabel.map(({ length }, label) => ({ label, length })).filter(({ length }) => length > 1)
    for (const { label, length } of counted.sort((a, b) => a.length - b.length || a.label - b.label)) {
      const own = this.#withLabel[label]!
      let missing = shareOf(length) - own.filter((at) => this.#apart.has(at)).length
      for (const at of own) if (missing > 0 && this.#take(at)) missing--
    }
    for (const at of this.#queue.keys()) if (this.#apart.size < this.#wanted) this.#take(at)
    const part = (isApart: boolean) =>
      this.#queue.filter((_, at) => this.#apart.has(at) === isApart).map(({ example }) => example)
    return { apart: byPath(part(true)), rest: byPath(part(false)) }
  }

  /** @returns whether it may be taken: not the last one of a label */
  #take(at: number): boolean {
    const { labels } = this.#queue[at]!
    if (this.#apart.has(at) || labels.some((label) => this.#left[label]! < 2)) return false
    for (const label of labels) this.#left[label]!--
    this.#apart.add(at)
    return true
  }
}

const shareOf = (count: number) => Math.max(1, Math.round(setApartFraction * count))

function labelsOf({ boxes }: AnnotatedExample, none: number): readonly number[] {
  return boxes.length === 0 ? [none] : [...new Set(boxes.map(({ label }) => label))]
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const byPath = (examples: AnnotatedExample[]) => examples.sort((a, b) => compare(a.file, b.file))
