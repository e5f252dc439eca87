import type { Metrics } from '@mnas/core/contracts'
import type { MeasuredAccuracy } from './measure-accuracy.js'

/**
 * Right answers that may be others: rounding differs from processor to processor, and two pictures of a class may lie on the
 * border.
 */
export const tolerableImages = 2

/**
 * How far other metrics may be off, losses and precisions that weigh the images of a small class more than others: a share of
 * 1, of larger numbers of the number.
 */
export const tolerableShare = 0.01

export interface ComparedNumber {
  readonly name: string
  readonly holds: boolean
}

/**
 * Every metric that a claim and a measurement on the same images both have. The count of images is none, and those of single
 * classes (`perClass.a`) are left out: nobody says of how many images they are.
 * @param headline of the task: each image counts the same in it
 */
export function compareMetrics(
  claimed: Metrics,
  { metrics, images }: Pick<MeasuredAccuracy, 'metrics' | 'images'>,
  headline: string,
): readonly ComparedNumber[] {
  const both = Object.entries(claimed).filter(([name]) => name !== 'count' && !name.includes('.') && Object.hasOwn(metrics, name))
  return both.map(([name, expected]) => {
    const ofImages = tolerableImages / images
    const allowed = name === headline ? ofImages : Math.max(ofImages, tolerableShare * Math.max(1, Math.abs(expected)))
    // A sum of fractions is itself off by a rounding.
    return { name, holds: Math.abs(expected - metrics[name]!) <= allowed * (1 + 1e-9) }
  })
}
