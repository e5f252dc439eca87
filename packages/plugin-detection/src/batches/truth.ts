import type { Frame, Json } from '@mnas/core/contracts'
import type { PixelBox } from '../evaluation/box-tables.js'

/** What is true of a photo, as an evaluation has it: `Batch.truth` of its row. */
export interface Truth {
  /** By which photos are ordered where scores are equal. */
  readonly id: number
  readonly frame: Frame
  readonly boxes: readonly TrueBox[]
}

/** In pixels of the photo. */
export interface TrueBox {
  readonly label: number
  readonly box: PixelBox
  readonly area: number
  /** Or marked as difficult: detections of it count neither for nor against. */
  readonly crowd: boolean
}

export const toJson = (truth: Truth): Json => truth as unknown as Json

/** @param row of `Batch.truth` of this task */
export const truthOf = (row: Json): Truth => row as unknown as Truth
