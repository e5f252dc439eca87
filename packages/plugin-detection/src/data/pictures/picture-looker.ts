import type { Size, SkippedFile } from '@mnas/core/contracts'
import type { SkipCounter } from '../../annotations/skip-counter.js'
import { detectionErrors } from '../../errors.js'
import type { AnnotatedExample } from '../annotated-data.js'
import type { FoundAnnotations, FoundImage } from '../found-annotations.js'
import { pictureFacts } from './picture-facts.js'
import { settleBoxes } from './settle-boxes.js'

/** More boxes than this share leave their pictures as x, y, width, height: the numbers are corners. */
const mostCorners = 0.2

/** How formats write boxes, and how they are made of corners. */
const sidesOf = {
  coco: {
    written: 'x, y, width, height',
    expected: "COCO's order x, y, width, height",
    remedy: 'Write width = x2 − x1 and height = y2 − y1',
  },
  yolo: {
    written: 'centre x, centre y, width, height',
    expected: "YOLO's shares of the image, centre x, centre y, width, height",
    remedy: 'Write (x1 + x2) / 2, (y1 + y2) / 2, x2 − x1 and y2 − y1',
  },
} as const

/** Looks into the pictures that annotations name, and says of what they all show together whether it can be right. */
export class PictureLooker {
  readonly broken: SkippedFile[] = []
  readonly #folder: string
  readonly #annotations: FoundAnnotations
  readonly #twice: SkipCounter
  #boxes = 0
  #corners = 0
  #turned = 0
  #firstTurned: { readonly example: string; readonly annotated: string; readonly shown: string } | undefined

  /** @param twice takes what is there twice */
  constructor(folder: string, annotations: FoundAnnotations, twice: SkipCounter) {
    this.#folder = folder
    this.#annotations = annotations
    this.#twice = twice
  }

  async look(images: readonly FoundImage[], signal?: AbortSignal): Promise<readonly AnnotatedExample[]> {
    const examples: AnnotatedExample[] = []
    for (const image of images) {
      signal?.throwIfAborted()
      examples.push(...(await this.#lookAt(image)))
    }
    return examples
  }

  /** @throws MNAS_DETECTION_ORIENTATION, MNAS_DETECTION_CORNERS */
  requireSound(): void {
    const folder = this.#folder
    if (this.#firstTurned)
      throw detectionErrors.MNAS_DETECTION_ORIENTATION({ folder, images: this.#turned, ...this.#firstTurned })
    const { format, corners, skips } = this.#annotations
    // Of VOC corners are right.
    if (format === 'voc') return
    const [outside, boxes] = corners === null ? [this.#corners, this.#boxes] : [corners, this.#boxes + skips.count]
    if (outside > mostCorners * boxes)
      throw detectionErrors.MNAS_DETECTION_CORNERS({ folder, outside, boxes, ...sidesOf[format] })
  }

  async #lookAt(image: FoundImage): Promise<readonly AnnotatedExample[]> {
    const { file, name, id, size } = image
    const lost = (reason: string) => {
      this.broken.push({ file: name, reason })
      return []
    }
    const facts = await pictureFacts(file)
    if ('reason' in facts) return lost(facts.reason)
    const { stored, upright } = facts
    if (size && !isSame(size, upright)) {
      if (!isSame(size, stored)) return lost(`annotated as ${written(size)}, the file has ${written(upright)}`)
      this.#turned++
      this.#firstTurned ??= { example: name, annotated: written(size), shown: written(upright) }
    }
    this.#countCorners(image, upright)
    const { unit, skips } = this.#annotations
    return [{ file, id, size: upright, boxes: settleBoxes(image, upright, { unit, skips, twice: this.#twice }) }]
  }

  /** A pixel beyond the border is rounding. */
  #countCorners({ boxes }: FoundImage, { width: right, height: bottom }: Size): void {
    this.#boxes += boxes.length
    for (const { box } of boxes) {
      const [x, y, width, height] = box
      const leaves = x + width > right + 1 || y + height > bottom + 1
      if (leaves && width > x && height > y && width <= right + 1 && height <= bottom + 1) this.#corners++
    }
  }
}

const isSame = (a: Size, b: Size) => a.width === b.width && a.height === b.height
const written = ({ width, height }: Size) => `${width} × ${height}`
