import { NumberColumn } from './number-column.js'

/** A box in pixels of the photo, as COCO has it. */
export type PixelBox = readonly [x: number, y: number, width: number, height: number]

/** Where boxes are and what they show, a row each. */
export interface BoxColumns {
  /** Place of the image in the order by which equal scores are told apart: that of the images' ids. */
  readonly image: Int32Array
  /** Label index. */
  readonly label: Int32Array
  /** [rows, 4] of (x, y, width, height). */
  readonly box: Float64Array
}

export interface TruthColumns extends BoxColumns {
  /** Of the object, in square pixels: what a size is judged by. */
  readonly area: Float64Array
  /** 1 for a crowd: detections within it count neither for nor against. */
  readonly crowd: Uint8Array
}

export interface DetectionColumns extends BoxColumns {
  readonly score: Float64Array
}

const floats = (length: number) => new Float64Array(length)
const integers = (length: number) => new Int32Array(length)

class BoxTable {
  readonly #image = new NumberColumn(integers)
  readonly #label = new NumberColumn(integers)
  readonly #box = new NumberColumn(floats)

  get length(): number {
    return this.#image.length
  }

  protected addBox(image: number, label: number, box: PixelBox): void {
    this.#image.push(image)
    this.#label.push(label)
    for (const value of box) this.#box.push(value)
  }

  protected boxColumns(): BoxColumns {
    return { image: this.#image.values(), label: this.#label.values(), box: this.#box.values() }
  }
}

/** The objects that there are. */
export class TruthTable extends BoxTable {
  readonly #area = new NumberColumn(floats)
  readonly #crowd = new NumberColumn((length) => new Uint8Array(length))

  add(image: number, label: number, box: PixelBox, { area, crowd }: { readonly area: number; readonly crowd: boolean }): void {
    this.addBox(image, label, box)
    this.#area.push(area)
    this.#crowd.push(crowd ? 1 : 0)
  }

  columns(): TruthColumns {
    return { ...this.boxColumns(), area: this.#area.values(), crowd: this.#crowd.values() }
  }
}

/** The objects that were found. */
export class DetectionTable extends BoxTable {
  readonly #score = new NumberColumn(floats)

  add(image: number, label: number, box: PixelBox, score: number): void {
    this.addBox(image, label, box)
    this.#score.push(score)
  }

  columns(): DetectionColumns {
    return { ...this.boxColumns(), score: this.#score.values() }
  }
}
