import type { Size } from '@mnas/core/contracts'
import { type Random, uniform, uniformUpTo } from '@mnas/images/random'
import type { Augmentation, Expand, SsdCrop } from './augmentation.js'
import type { BoxView, Part } from './box-view.js'
import { shareInside } from './boxes-in-view.js'

const whole: Part = { left: 0, top: 0, width: 1, height: 1 }
/** As TensorFlow's sample_distorted_bounding_box: then the image stays as it is. */
const attempts = 100

/**
 * The part of an image that an epoch shows. Random numbers are drawn in a fixed order: ground, crop, mirror.
 * @param boxes [boxes, 4] of (top, left, bottom, right) as shares of the image
 */
export function randomView(image: Size, boxes: Float64Array, augmentation: Augmentation, random: Random): BoxView {
  const { expand, crop, flip } = augmentation
  const ground = expand && uniform(random, 0, 1) < expand.chance ? largerGround(expand, random) : whole
  const cropped = crop && uniform(random, 0, 1) < crop.chance ? randomCrop(image, boxes, crop, random) : null
  const mirrored = flip === true && uniform(random, 0, 1) < 0.5
  // A crop looks close, a ground from afar: of both the crop is taken.
  return { ...(cropped?.part ?? ground), covers: cropped?.covers ?? 0, mirrored }
}

function largerGround({ largest }: Expand, random: Random): Part {
  const side = uniform(random, 1, largest)
  return { left: -uniform(random, 0, side - 1), top: -uniform(random, 0, side - 1), width: side, height: side }
}

/**
 * SSD's random crop (Liu et al. 2016, §2.2) as TensorFlow draws it: a part of which some box is covered so far. Null: none was
 * found.
 */
function randomCrop(image: Size, boxes: Float64Array, crop: SsdCrop, random: Random): { part: Part; covers: number } | null {
  const covers = crop.covers[uniformUpTo(random, crop.covers.length - 1)]!
  for (let attempt = 0; attempt < attempts; attempt++) {
    const area = uniform(random, ...crop.area)
    const aspect = (uniform(random, ...crop.aspect) * image.height) / image.width
    const [width, height] = [Math.sqrt(area * aspect), Math.sqrt(area / aspect)]
    if (width > 1 || height > 1) continue
    const part = { left: uniform(random, 0, 1 - width), top: uniform(random, 0, 1 - height), width, height }
    if (coversSome(part, boxes, covers)) return { part, covers }
  }
  return null
}

/** An image without boxes may be cropped anywhere. */
function coversSome(part: Part, boxes: Float64Array, covers: number): boolean {
  if (boxes.length === 0) return true
  for (let box = 0; box < boxes.length / 4; box++) {
    const inside = shareInside(part, boxes, box)
    if (inside > 0 && inside >= covers) return true
  }
  return false
}
