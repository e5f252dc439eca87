import type { Fit, Size } from '@mnas/core/contracts'
import { placingOf } from '@mnas/images/fitting'
import type { Box } from '@mnas/images/geometry'
import type { BoxView } from '../augmentation/box-view.js'
import { boxesInView } from '../augmentation/boxes-in-view.js'
import type { TargetBoxes } from '../targets/write-targets.js'

/** Where the pixels of a view come from and where they stand. */
export interface PlacedView {
  /** The view, widened to whole pixels of the stored image. */
  readonly view: BoxView
  /** Of the stored image. */
  readonly from: Box
  /** Of the input: what the view takes of it. All of it but for a letterbox. */
  readonly room: Box
  /** Of the input: where `from` stands. Less than `room` where the image lies on a larger ground. */
  readonly at: Box
}

/**
 * A view of a stored image in an input.
 * @param photo as wide and high as the upright photo: the stored image may be squeezed
 */
export function placeView(stored: Size, photo: Size, drawn: BoxView, inputSize: number, fit: Fit): PlacedView {
  const [across, down] = [wholePixels(drawn.left, drawn.width, stored.width), wholePixels(drawn.top, drawn.height, stored.height)]
  const shown = { width: (photo.width * across.length) / stored.width, height: (photo.height * down.length) / stored.height }
  const { part, left, top } = placingOf(shown, inputSize, fit)
  const room = { left, top, width: part.width, height: part.height }
  const [x, y] = [within(across, stored.width, room.width), within(down, stored.height, room.height)]
  const atLeft = drawn.mirrored ? room.width - x.to - x.toLength : x.to
  return {
    view: {
      ...drawn,
      left: across.start / stored.width,
      top: down.start / stored.height,
      width: across.length / stored.width,
      height: down.length / stored.height,
    },
    from: { left: x.from, top: y.from, width: x.fromLength, height: y.fromLength },
    room,
    at: { left: room.left + atLeft, top: room.top + y.to, width: x.toLength, height: y.toLength },
  }
}

/** The boxes of a photo as a placed view shows them: shares of the input. */
export function boxesInPlace(all: TargetBoxes, { view, room }: PlacedView, inputSize: number): TargetBoxes {
  const { boxes, labels } = boxesInView(all, view, inputSize)
  const ends = [room.top, room.left, room.top, room.left] as const
  const sides = [room.height, room.width, room.height, room.width] as const
  return { boxes: boxes.map((share, at) => (ends[at % 4]! + share * sides[at % 4]!) / inputSize), labels }
}

interface Stretch {
  readonly start: number
  readonly length: number
}

/** Outwards, so that what was covered stays covered. */
function wholePixels(start: number, length: number, pixels: number): Stretch {
  const [first, end] = [Math.floor(start * pixels + rounding), Math.ceil((start + length) * pixels - rounding)]
  return { start: first, length: Math.max(1, end - first) }
}

const rounding = 1e-9

/** What of a stretch the image has, and where that stands in its room. */
function within({ start, length }: Stretch, pixels: number, room: number) {
  const [from, end] = [Math.min(pixels - 1, Math.max(0, start)), Math.min(pixels, start + length)]
  const place = (pixel: number) => Math.round(((pixel - start) / length) * room)
  const to = Math.min(room - 1, place(from))
  return { from, fromLength: Math.max(1, end - from), to, toLength: Math.max(1, place(end) - to) }
}
