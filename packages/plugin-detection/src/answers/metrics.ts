import { count, fraction } from '@mnas/core/answers'
import { z } from 'zod'

const found = (detections: string, size = '') =>
  `share of the ${size}objects that the best ${detections} of a photo and class find`
const whole = z.strictObject({
  map50: fraction.describe('mean average precision at an overlap of .5'),
  map: fraction.describe('the same, as the mean of the overlaps .5 to .95'),
  map75: fraction.optional().describe('at an overlap of .75'),
  mapSmall: fraction
    .optional()
    .describe('`map` of objects up to 32² pixels of the photo; absent where there is none, as those that follow'),
  mapMedium: fraction.optional().describe('up to 96²'),
  mapLarge: fraction.optional().describe('from 96² on'),
  recall1: fraction.optional().describe(found('one')),
  recall10: fraction.optional().describe(found('ten')),
  recall100: fraction.optional().describe(found('hundred')),
  recallSmall: fraction.optional().describe(found('hundred', 'small ')),
  recallMedium: fraction.optional().describe(found('hundred', 'medium ')),
  recallLarge: fraction.optional().describe(found('hundred', 'large ')),
  loss: z
    .number()
    .min(0)
    .optional()
    .describe('of the loss `multibox` on the same photos, at an overlap of .5 for anchors with a box'),
  objects: count.describe('to be found: without crowds and difficult ones'),
  count: count.describe('photos'),
})
const perClass = z.record(z.templateLiteral(['perClass.', z.string()]), fraction)

/** What DetectionMetrics gives. */
export const metrics = z
  .intersection(whole, perClass)
  .describe(
    "`Metrics` of trainings and evaluations: COCO's numbers. `perClass.<label>` is the average precision of the class at an overlap of .5; " +
      'classes without objects are left out. The pictures of an evaluation are `precision-recall`, `classes` and `sizes`.',
  )
