import type { Headline } from '@mnas/core/contracts'
import { formatTable } from '@mnas/core/text'
import type { CheckResult } from './check-proxies.js'
import type { Correlation, JudgedProxy } from './judge-proxies.js'

/** What a check found, as lines for people. */
export function formatCheck(result: CheckResult): readonly string[] {
  const { networks, wanted, failed, reference, headline, noise, heldOut, betweenSeeds, proxies } = result
  const left = failed > 0 ? `, ${failed} failed` : ''
  const rows = proxies.map(({ epochs, inputSize, metric, cost, correlation }) => [
    `${epochs}`,
    `${inputSize}`,
    labelOf(metric, headline),
    `${(100 * cost).toFixed(0)} %`,
    ...inCells(correlation),
  ])
  return [
    `${networks} of ${wanted} networks${left}, each trained twice for ${reference.epochs} epochs at ${reference.inputSize} px`,
    `${headline.label}, standard deviation: ${inPoints(headline, noise.networks)} between networks, ` +
      `${inPoints(headline, noise.seeds)} between seeds, ${inPoints(headline, noise.heldOut)} by ${heldOut} held-out images`,
    `order of one seed and of the other: ${inWords(betweenSeeds)}`,
    '',
    ...formatTable(['epochs', 'size', 'by', 'cost', 'rank correlation', '95 %'], rows),
    '',
    ...verdict(result),
  ]
}

function verdict({ recommended, alike, proxies, headline, networks }: CheckResult): readonly string[] {
  const nameOf = ({ epochs, inputSize, metric }: JudgedProxy) =>
    `--proxy-epochs ${epochs} --proxy-size ${inputSize} by ${labelOf(metric, headline)}`
  if (recommended) return [`Recommended: ${nameOf(recommended)}`]
  const [best] = proxies
  if (best === undefined || best.correlation.low <= 0)
    return [`No proxy orders these ${networks} networks better than chance would. Train longer, or more networks.`]
  const others = alike.length - 1
  return [
    `The intervals overlap: ${networks} networks do not tell ${others === 1 ? 'another' : `${others} others`} apart from the best. ` +
      `The cheapest of them: ${nameOf(alike[0]!)}`,
  ]
}

const labelOf = (metric: string, { name, label }: Headline): string => (metric === name ? label : `held-out ${metric}`)

/** A difference, in points where the value is a percentage. */
const inPoints = ({ percent }: Headline, value: number): string =>
  percent ? `${(100 * value).toFixed(2)} points` : value.toPrecision(2)

const inCells = ({ value, low, high }: Correlation): readonly [string, string] => [
  value.toFixed(2),
  `${low.toFixed(2)} to ${high.toFixed(2)}`,
]
const inWords = (correlation: Correlation): string => {
  const [value, range] = inCells(correlation)
  return `rank correlation ${value} (95 %: ${range})`
}
