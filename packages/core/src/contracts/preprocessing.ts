import type { Tensors } from './tensor.js'

/**
 * How an upright photo is fitted into the square input:
 *   crop       its short side is scaled to inputSize / fraction, and the square in the middle is cut out; the rest is lost
 *   stretch    both sides are scaled to inputSize; shapes change
 *   letterbox  its long side is scaled to inputSize, in the middle of a square filled with one colour; nothing is lost
 */
export type Fit =
  | {
      readonly kind: 'crop'
      /** Side of the crop divided by the short side of the image it is cut from, 0–1, e.g. .875. */
      readonly fraction: number
    }
  | { readonly kind: 'stretch' }
  | {
      readonly kind: 'letterbox'
      /** Red, green and blue, 0–255. */
      readonly fill: readonly [number, number, number]
    }

/** How a bundle's inputs are made from an image file: what deploy writes down and predict does. */
export interface Preprocessing {
  readonly fit: Fit
  /** (pixel − mean) / std per channel, on 0–255 pixels. */
  readonly mean: readonly [number, number, number]
  readonly std: readonly [number, number, number]
  readonly exif: 'applied'
}

/** Of the upright photo, in pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** The way from an input back to the photo it was made of, in pixels: photo = (input − offset) / scale, for x and y apart. */
export interface Frame {
  readonly photo: Size
  readonly scale: readonly [x: number, y: number]
  readonly offset: readonly [x: number, y: number]
}

/** One image as a model takes it: tensors with a batch of 1. */
export interface ModelInput {
  readonly inputs: Tensors
  readonly frame: Frame
}
