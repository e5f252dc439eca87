import type { TruthTable } from '../evaluation/box-tables.js'
import type { Skipped } from './skip-counter.js'

export interface AnnotatedImage {
  /** Of the file, within the folder of the images, with slashes. */
  readonly path: string
  /** COCO's own; elsewhere the place in the list. */
  readonly id: number
  /** As the annotations have it, in pixels; null where they do not say. */
  readonly size: { readonly width: number; readonly height: number } | null
}

/** Annotations of whatever format. */
export interface AnnotatedImages {
  readonly labels: readonly string[]
  /** Of each label: COCO's category, with holes; elsewhere its index. */
  readonly labelIds: readonly number[]
  /** In the order of their ids; also those without a box. */
  readonly images: readonly AnnotatedImage[]
  /** By indices of `images` and `labels`; as annotated, not clipped to the images. */
  readonly boxes: TruthTable
  /** Of the boxes: COCO's own; a box's place in the file where it has none. */
  readonly boxIds: Float64Array
  /** Of the boxes: pixels of the photo as annotated, or shares of its width and height. */
  readonly unit: 'pixels' | 'shares'
  readonly skipped: readonly Skipped[]
}
