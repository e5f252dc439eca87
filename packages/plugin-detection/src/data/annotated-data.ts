import type { Size } from '@mnas/core/contracts'
import type { Skipped } from '../annotations/skip-counter.js'

export type AnnotationFormat = 'coco' | 'voc' | 'yolo'

/** In pixels, with fractions. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface TruthBox {
  /** Label index, from 0; no background. */
  readonly label: number
  /** Pixels of the upright picture, within it. */
  readonly box: Box
  /** Detections within it count neither for nor against. */
  readonly crowd: boolean
  /** VOC's mark: counts as a crowd does in an evaluation, and is learnt from. */
  readonly difficult: boolean
  /** Of the object, in square pixels of the picture: what a size is judged by. */
  readonly area: number
  /** COCO's own, elsewhere a counter. */
  readonly id: number
}

export interface AnnotatedExample {
  /** Absolute path. */
  readonly file: string
  /** COCO's own, elsewhere a counter. */
  readonly id: number
  /** Upright, as shown. */
  readonly size: Size
  /** Empty for a picture without objects, which teaches that there are none. */
  readonly boxes: readonly TruthBox[]
}

/** Parts that annotations may set apart, as a data set names its splits. */
export type OwnPart = 'train' | 'validation' | 'test'

/** Pictures with their boxes, of whatever format, divided and ready to train on. */
export interface AnnotatedData {
  readonly format: AnnotationFormat
  /** Out of it nothing is read: a real path. */
  readonly folder: string
  /** For people, what the annotations are and where they stand: `COCO: instances.json`. */
  readonly takenFor: string
  /** Where the annotations of a part stand that they set apart. */
  readonly places: Readonly<Partial<Record<OwnPart, string>>>
  readonly labels: readonly string[]
  /** Of each label: COCO's category, with holes; elsewhere its index. */
  readonly labelIds: readonly number[]
  /** Of parts whose annotations are a file of their own; null for a label that they do not have. */
  readonly ownLabelIds?: Readonly<Partial<Record<Exclude<OwnPart, 'train'>, readonly (number | null)[]>>>
  readonly splits: {
    readonly train: readonly AnnotatedExample[]
    /** Never trained on, for choices during training. */
    readonly heldOut: readonly AnnotatedExample[]
    readonly validation: readonly AnnotatedExample[]
    /** Empty where the annotations set none apart. */
    readonly test: readonly AnnotatedExample[]
  }
  /** Pictures that are not used; boxes by reason, with how many and where one is. */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[]
  /** The boxes among them, counted. */
  readonly skippedBoxes: readonly Skipped[]
  /** What a person should know of how the folder was read. */
  readonly warnings: readonly string[]
}
