import { count } from '@mnas/core/answers'
import { z } from 'zod'

const classBoxes = z.strictObject({
  label: z.string().describe('of a class'),
  boxes: count.describe('all of them, whether of training, validation or test photos'),
  small: count.describe('with an object of up to 32² pixels of the photo'),
  medium: count.describe('up to 96²'),
  large: count.describe('above'),
  crowds: count.describe('marks of many at once, of no size'),
})

const skipped = z.strictObject({
  reason: z.string().describe('in words'),
  count: count.describe('how many boxes'),
  examples: z.array(z.string()).describe('where some of them stand'),
})

const coverage = z.strictObject({
  inputSize: count.describe('side of the input in pixels'),
  anchors: count.describe('of a network of that input'),
  boxes: count.describe('that were compared with them: without crowds, and of many a part'),
  withoutAnchor: count.describe('boxes that no anchor is to find, since others took those that they had'),
  farFromAnchors: count.describe('boxes that no anchor overlaps by half: they are learnt badly'),
})

/** What DetectionDataset.look gives. */
export const look = z
  .strictObject({
    pictures: count.describe('that can be used'),
    withoutBoxes: count.describe('of them; they teach that there is nothing'),
    classes: z.array(classBoxes).describe('in the order of the labels'),
    skippedBoxes: z.array(skipped).describe('boxes that are left out, the most frequent reason first'),
    coverage: z.array(coverage).describe('of the wanted size, then of larger ones'),
  })
  .describe('`look` of `mnas data check`.')
