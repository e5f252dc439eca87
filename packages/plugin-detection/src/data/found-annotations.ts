import type { Size, SkippedFile } from '@mnas/core/contracts'
import type { SkipCounter } from '../annotations/skip-counter.js'
import type { PixelBox } from '../evaluation/box-tables.js'
import type { AnnotationFormat, OwnPart } from './annotated-data.js'

export interface FoundBox {
  /** Label index. */
  readonly label: number
  /** As annotated, in the unit of its annotations. */
  readonly box: PixelBox
  readonly crowd: boolean
  readonly difficult: boolean
  /** In square pixels; null: the box's. */
  readonly area: number | null
  readonly id: number
}

export interface FoundImage {
  /** Absolute and real. */
  readonly file: string
  /** As people know it: within the folder, with slashes. */
  readonly name: string
  readonly id: number
  /** As annotated; null where the annotations do not say. */
  readonly size: Size | null
  readonly boxes: readonly FoundBox[]
}

/** What the annotations of a folder say, before anybody looks into the pictures. */
export interface FoundAnnotations {
  readonly format: AnnotationFormat
  readonly labels: readonly string[]
  readonly labelIds: readonly number[]
  /** Of parts whose annotations are a file of their own; null for a label that they do not have. */
  readonly ownLabelIds?: Readonly<Partial<Record<Exclude<OwnPart, 'train'>, readonly (number | null)[]>>>
  /** Of the boxes: pixels as annotated, or shares of the picture as shown. */
  readonly unit: 'pixels' | 'shares'
  /** null: the annotations set none apart. */
  readonly parts: Readonly<Record<OwnPart, readonly FoundImage[] | null>>
  /** Images that cannot be used. */
  readonly broken: readonly SkippedFile[]
  /** Images that nobody annotated: left out, and nothing is wrong with them. */
  readonly unannotated: readonly SkippedFile[]
  /** Boxes that cannot be used. */
  readonly skips: SkipCounter
  /** Boxes that leave their pictures as written, and as corners do not; null: that takes the sizes of the pictures. */
  readonly corners: number | null
  /** What a person should know of how they were read. */
  readonly warnings: readonly string[]
}
