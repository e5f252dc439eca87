import type { Size } from '@mnas/core/contracts'
import { exampleRandom, uniform, uniformUpTo } from '@mnas/images/random'
import type { AnnotatedExample, Box, TruthBox } from '../data/annotated-data.js'

/** A square of a picture, in whole pixels; it may reach beyond the border. */
export interface Square {
  readonly left: number
  readonly top: number
  readonly side: number
}

/** One to cut out. */
export interface Crop extends Square {
  /** null: ground without objects. */
  readonly label: number | null
}

export interface PlannedCrops {
  readonly crops: readonly Crop[]
  /** Boxes whose longer side is shorter than leastSide. */
  readonly tooSmall: number
  /** Crowds, and objects that are marked as difficult: what they show is more, or less, than one object. */
  readonly unclear: number
}

/** Pixels of a box's longer side below which nobody can tell what it shows. */
export const leastSide = 12
/** Side of the square, in longer sides of the box: an object is told by what is around it, too. */
const margin = 1.2
/** Ground may touch an object: the share of the smaller of both that it may cover. */
const mostCovered = 0.1
const tries = 20
const seed = 0

/** What to cut out of a picture: a square around every object, and one of the ground beside them where there is room. */
export function planCrops({ boxes, size, id }: Pick<AnnotatedExample, 'boxes' | 'size' | 'id'>): PlannedCrops {
  const clear = boxes.filter(({ crowd, difficult }) => !crowd && !difficult)
  const large = clear.filter(({ box }) => Math.max(box.width, box.height) >= leastSide)
  const ground = groundOf(size, boxes, id)
  return {
    crops: [
      ...large.map(({ label, box }) => ({ label, ...squareAround(box, size) })),
      ...(ground ? [{ label: null, ...ground }] : []),
    ],
    tooSmall: clear.length - large.length,
    unclear: boxes.length - clear.length,
  }
}

/** Moved into the picture where it fits. */
function squareAround({ x, y, width, height }: Box, picture: Size): Square {
  const side = Math.ceil(margin * Math.max(width, height))
  const start = (middle: number, length: number) => {
    const wanted = Math.round(middle - side / 2)
    return side <= length ? Math.min(Math.max(0, wanted), length - side) : Math.round((length - side) / 2)
  }
  return { left: start(x + width / 2, picture.width), top: start(y + height / 2, picture.height), side }
}

/** As large as objects are: drawn between an eighth and a half of the shorter side. */
function groundOf(picture: Size, boxes: readonly TruthBox[], id: number): Square | null {
  const shorter = Math.min(picture.width, picture.height)
  const random = exampleRandom(seed, 0, id)
  for (let attempt = 0; attempt < tries; attempt++) {
    const side = Math.round(shorter * 2 ** -uniform(random, 1, 3))
    const [left, top] = [uniformUpTo(random, picture.width - side), uniformUpTo(random, picture.height - side)]
    if (side >= leastSide && boxes.every(({ box }) => coveredOf({ left, top, side }, box) <= mostCovered))
      return { left, top, side }
  }
  return null
}

function coveredOf({ left, top, side }: Square, { x, y, width, height }: Box): number {
  const across = Math.max(0, Math.min(left + side, x + width) - Math.max(left, x))
  const down = Math.max(0, Math.min(top + side, y + height) - Math.max(top, y))
  return (across * down) / Math.min(side * side, width * height)
}
