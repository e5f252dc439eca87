import { type PixelBox, TruthTable } from '../evaluation/box-tables.js'
import { NumberColumn } from '../evaluation/number-column.js'
import type { AnnotatedImage, AnnotatedImages } from './annotated-images.js'
import { pathWithin } from './path-within.js'
import { SkipCounter } from './skip-counter.js'

type Fields = Readonly<Record<string, unknown>>

const isId = (value: unknown): value is number => Number.isSafeInteger(value)
const isPositive = (value: unknown): value is number => typeof value === 'number' && value > 0 && Number.isFinite(value)
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

/** Objects of COCO's three arrays as they come, in whatever order: boxes are laid aside until images and categories are known. */
export class CocoRows {
  readonly #skips = new SkipCounter()
  readonly #images = new Map<number, AnnotatedImage | null>()
  readonly #categories = new Map<number, string>()
  /** image, category, x, y, width, height, area, crowd, id */
  readonly #boxes = new NumberColumn((length) => new Float64Array(length))

  addImage(image: Fields, place: number): void {
    const { id, file_name: name, width, height } = image
    if (!isId(id) || this.#images.has(id)) {
      this.#skips.add(isId(id) ? 'image whose id another image has' : 'image without a whole number as id', `images[${place}]`)
      return
    }
    const path = typeof name === 'string' ? pathWithin(name) : null
    const size = isPositive(width) && isPositive(height) ? { width, height } : null
    this.#images.set(id, path === null ? null : { id, path, size })
    if (path === null) this.#skips.add('image whose file_name is no path within the folder', `images[${place}]`)
  }

  addCategory({ id, name }: Fields, place: number): void {
    if (isId(id) && typeof name === 'string' && !this.#categories.has(id)) this.#categories.set(id, name.trim().normalize('NFC'))
    else this.#skips.add('category without an id of its own or without a name', `categories[${place}]`)
  }

  addBox(annotation: Fields, place: number): void {
    const problem = problemOf(annotation)
    if (problem !== null) {
      this.#skips.add(problem, `annotations[${place}]`)
      return
    }
    const { image_id: image, category_id: category, bbox, area, iscrowd, id } = annotation as unknown as UsableBox
    const own = isPositive(area) ? area : bbox[2] * bbox[3]
    const crowd = iscrowd === 1 || iscrowd === true ? 1 : 0
    for (const value of [image, category, ...bbox, own, crowd, isId(id) ? id : place]) this.#boxes.push(value)
  }

  /** @returns a category of a name that two have, or the annotations */
  result(): AnnotatedImages | { readonly twice: string } {
    const labelIds = [...this.#categories.keys()].sort((a, b) => a - b)
    const labels = labelIds.map((id) => this.#categories.get(id)!)
    const twice = labels.find((label, at) => labels.indexOf(label) !== at)
    if (twice !== undefined) return { twice }
    const images = [...this.#images.values()].filter((image) => image !== null).sort((a, b) => a.id - b.id)
    const placed = this.#place(new Map(images.map(({ id }, at) => [id, at])), new Map(labelIds.map((id, at) => [id, at])))
    return { labels, labelIds, images, ...placed, unit: 'pixels', skipped: this.#skips.result() }
  }

  #place(imageAt: ReadonlyMap<number, number>, labelAt: ReadonlyMap<number, number>): Pick<AnnotatedImages, 'boxes' | 'boxIds'> {
    const [rows, boxes, ids] = [this.#boxes.values(), new TruthTable(), new NumberColumn((length) => new Float64Array(length))]
    for (let at = 0; at < rows.length; at += 9) {
      const [id, category] = [rows[at]!, rows[at + 1]!]
      const [image, label] = [imageAt.get(id), labelAt.get(category)]
      if (image === undefined) this.#skips.add(`box of ${this.#images.has(id) ? 'a skipped' : 'an unknown'} image`, `image ${id}`)
      else if (label === undefined) this.#skips.add('box of an unknown category', `category ${category}`)
      else {
        const box = [rows[at + 2]!, rows[at + 3]!, rows[at + 4]!, rows[at + 5]!] as const
        boxes.add(image, label, box, { area: rows[at + 6]!, crowd: rows[at + 7] === 1 })
        ids.push(rows[at + 8]!)
      }
    }
    return { boxes, boxIds: ids.values() }
  }
}

interface UsableBox {
  readonly image_id: number
  readonly category_id: number
  readonly bbox: PixelBox
  readonly area?: unknown
  readonly iscrowd?: unknown
  readonly id?: unknown
}

/** Why a box cannot be used, null where it can. */
function problemOf({ image_id: image, category_id: category, bbox }: Fields): string | null {
  if (!isId(image) || !isId(category)) return 'box without image_id or category_id'
  if (!Array.isArray(bbox) || bbox.length !== 4 || !bbox.every(isNumber)) return 'bbox that is not four numbers'
  const [, , width, height] = bbox
  return width! > 0 && height! > 0 ? null : 'box without width or height'
}
