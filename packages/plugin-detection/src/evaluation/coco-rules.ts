/** The rules of the COCO evaluation (Lin et al. 2014; cocodataset.org, pycocotools 2.0). */

/** Least overlaps for a match, .5 to .95, as numpy rounds them; `i / 20` gives others. */
export const overlapThresholds = Float64Array.from({ length: 10 }, (_, i) => (i === 9 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / 9)))

/** Recalls at which precision is read, 0 to 1, as numpy rounds them: a precision on the border counts or does not. */
export const recallLevels = Float64Array.from({ length: 101 }, (_, i) => i * 0.01)

/** Areas in square pixels of the photo, both borders included. */
export const areaRanges = [
  { name: 'all', low: 0, high: 1e10 },
  { name: 'small', low: 0, high: 32 ** 2 },
  { name: 'medium', low: 32 ** 2, high: 96 ** 2 },
  { name: 'large', low: 96 ** 2, high: 1e10 },
] as const

export type BoxSize = Exclude<(typeof areaRanges)[number]['name'], 'all'>
export const boxSizes = ['small', 'medium', 'large'] as const satisfies readonly BoxSize[]

/** Detections of a class in an image that count, the best ones. */
export const mostDetections = 100
