import type { Headline, Metrics, Task, TrainingProgress, TrialJob } from '../../contracts/index.js'
import { type Pace, paceMeter, type Reporter } from '../../events/index.js'
import { formatHeadline, formatMetric } from '../../text/index.js'

/** @returns tells of a training's progress: a line that moves with its steps, and one that stays for each epoch */
export function trainingTeller(
  job: TrialJob,
  headlines: Task['headlines'],
  reporter: Reporter,
  now: () => number = () => performance.now(),
): (event: TrainingProgress) => void {
  const { epochs } = job.fidelity
  const [primary] = headlines
  const pace = trainingPace(epochs)
  return (event) => {
    const { epoch, step, steps, imagesPerSecond, metrics } = event
    if (metrics['trainingLoss'] !== undefined) {
      reporter.note(`epoch ${epoch}/${epochs}: ${summarize(metrics, headlines)}`)
      return
    }
    const heldOut = metrics[`heldOut.${primary.name}`]
    const parts = [
      `epoch ${epoch + 1}/${epochs}`,
      `${imagesPerSecond.toFixed(0)} img/s`,
      `loss ${metrics['loss']?.toFixed(3)}`,
      ...(heldOut === undefined ? [] : [`held-out ${primary.label} ${formatMetric(primary, heldOut)}`]),
    ]
    reporter.progress({ done: step, total: steps, unit: 'steps', note: parts.join(', '), pace: pace(event, now()) })
  }
}

/**
 * The pace of a training's steps, and how long it still takes. What comes between two epochs (an evaluation, a checkpoint) is timed apart:
 * counted as a slow step it would make the rest look many times longer for a while, and not counted at all the rest would look too short.
 */
export function trainingPace(epochs: number): (event: Pick<TrainingProgress, 'epoch' | 'step' | 'steps'>, nowMs: number) => Pace {
  const meter = paceMeter()
  let last: { readonly epoch: number; readonly step: number; readonly atMs: number } | undefined
  let perSecond: number | undefined
  let betweenMs = 0
  let ended = 0
  return ({ epoch, step, steps }, nowMs) => {
    if (last && epoch > last.epoch) {
      const stepsMs = perSecond === undefined ? 0 : ((step - last.step) * 1000) / perSecond
      betweenMs += Math.max(0, nowMs - last.atMs - stepsMs)
      ended += epoch - last.epoch
    }
    last = { epoch, step, atMs: nowMs }
    const pace = meter({ done: step, total: steps, unit: 'steps' }, nowMs - betweenMs)
    perSecond = pace.perSecond
    if (pace.remainingSeconds === undefined) return pace
    const betweenSeconds = ended === 0 ? 0 : betweenMs / 1000 / ended
    return { perSecond, remainingSeconds: pace.remainingSeconds + (epochs - epoch) * betweenSeconds }
  }
}

/** `training loss 1.234, held-out loss 1.345, accuracy 56.0 %`: what an epoch came to. */
function summarize(metrics: Metrics, headlines: readonly Headline[]): string {
  const losses = [
    ['training loss', metrics['trainingLoss']],
    ['held-out loss', metrics['loss']],
  ] as const
  return [
    ...losses.flatMap(([name, loss]) => (loss === undefined ? [] : [`${name} ${loss.toFixed(3)}`])),
    ...headlines.filter(({ name }) => metrics[name] !== undefined).map((headline) => formatHeadline(headline, metrics)),
  ].join(', ')
}
