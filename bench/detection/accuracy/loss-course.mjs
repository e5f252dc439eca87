const span = 10
/** Of the mean of ten epochs to that of the ten before; and of the last ten to the first ten. */
const [mostRise, mostLeft] = [1.1, 0.5]

/**
 * Whether a training learned, from the mean loss of each epoch: the last ten at most half the first ten, and no ten more than a
 * tenth above the ten before. Tens are counted from the first epoch on; what is left over at the end is only part of the last
 * ten. With fewer than twenty epochs nothing can be said: null, and not true.
 */
export function lossCourse(losses) {
  if (losses.length < 2 * span) return { lastToFirst: null, steepestRise: null, halved: false, falling: false }
  const mean = (from) => losses.slice(from, from + span).reduce((sum, loss) => sum + loss, 0) / span
  const tens = Array.from({ length: Math.floor(losses.length / span) }, (_, at) => mean(at * span))
  const lastToFirst = mean(losses.length - span) / tens[0]
  const steepestRise = Math.max(...tens.slice(1).map((ten, at) => ten / tens[at]))
  return { lastToFirst, steepestRise, halved: lastToFirst <= mostLeft, falling: steepestRise <= mostRise, tens }
}
