/** A part of an image as shares of its width and height; of an image on a larger ground it begins before 0 and ends behind 1. */
export interface Part {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** What a training sees of an image. */
export interface BoxView extends Part {
  readonly mirrored: boolean
  /** Of a box, to stay; above 0 whatever it says. */
  readonly covers: number
}
