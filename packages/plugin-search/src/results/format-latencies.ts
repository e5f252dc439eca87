import { formatTable } from '@mnas/core/text'
import type { ComparedNetwork, SearchLatencyAnswer } from '../answers/search-latency-answer.js'
import type { LatencyAccuracy } from '../latency/latency-accuracy.js'

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** How well latencies are foretold, in one line. */
export function formatAccuracy({ networks, meanError, worstError, margin }: LatencyAccuracy): string {
  const errors = `mean error ${percent(meanError)}, worst ${percent(worstError)}`
  return `${networks} networks, each foretold by the others: ${errors}; margin of estimates ${percent(margin)}`
}

/** Predictions against measurements as a table, and what they come to. */
export function formatComparison(comparison: Omit<SearchLatencyAnswer, 'version' | 'run'>): readonly string[] {
  const { networks, meanError, worstError, margin, beyond, device } = comparison
  const rows = networks.map(({ id, role, trial, name, predictedMs, measuredMs, error, beyond: isBeyond }) => [
    role === 'model' ? name : id,
    trial === null ? role : `trial ${trial}`,
    predictedMs.toFixed(3),
    measuredMs.toFixed(3),
    `${error < 0 ? '−' : '+'}${percent(Math.abs(error))}`,
    isBeyond ? 'beyond' : '',
  ])
  const wording = networks.some(isFitted) ? ', each foretold by the others' : ''
  return [
    ...formatTable(['network', 'what', 'predicted ms', 'measured ms', 'error', ''], rows, ['network', 'what', '']),
    `${networks.length} networks on ${device}${wording}: mean error ${percent(meanError)}, worst ${percent(worstError)}`,
    `margin of estimates ${percent(margin)}; ${beyond} of ${networks.length} are faster than foretold by more`,
  ]
}

/** Its measurement is part of the model: it was left out to foretell it. */
const isFitted = ({ role }: ComparedNetwork): boolean => role === 'calibration' || role === 'reference' || role === 'trial'
