import {
  type ChartLayer,
  distinctNames,
  listedInLines,
  shortenLabel,
  subtitleFontSize,
  textWidth,
  widestTitle,
} from '@mnas/core/charts'
import type { Chart } from '@mnas/core/contracts'

/** So many examples of class `truth` were taken for class `predicted`; indices into the labels. */
export type ConfusionCount = readonly [truth: number, predicted: number, count: number]

/** With more classes the counts no longer fit into the cells. */
const mostClassesWithCounts = 20
const smallestCellWithCount = 40
const largestCellWithCount = 72
/** The matrix of a few classes is not smaller than the legend beside it. */
const smallestSide = 180
/** Side of the whole matrix in pixels, while a cell can be seen at all. */
const side = 720
/** From this share on, a cell's colour is nearer to that of ink than to that of paper, in both themes. */
const strongShare = 0.4
/** Cells smaller than this are drawn as squares of this size, so that a single one can be seen; the stronger ones lie on top. */
const smallestDot = 3
/** Pixels that a class name needs across its direction of reading. */
const labelPitch = 13
const labelFontSize = 11
/** Between two names side by side. */
const labelGap = 6
/** Of class names, in multiples of the font size. */
const widestLabel = 16
const widestLabelInSentence = 9
const namedConfusions = 3
/** Pixels beside the matrix, and those that a line below the title may take anyway. */
const legendWidth = 170
const smallestSubtitle = 420

interface Cell {
  readonly truth: string
  readonly predicted: string
  readonly count: number
  /** The count as it stands in the cell. */
  readonly text: string
  /** Of the examples of its true class, 0–1. */
  readonly share: number
}

/**
 * What was taken for what: a row for each true class, a column for each predicted one. The colour is the share of the row, so that rare classes
 * read like frequent ones, on a square-root scale, so that a few mistakes in a hundred can be seen. Readable up to a thousand classes.
 * @param labels by class index
 * @param counts what occurred; a cell that is not named is 0
 */
export function confusionMatrix(title: string, labels: readonly string[], counts: readonly ConfusionCount[]): Chart {
  const names = distinctNames(labels.map((label) => shortenLabel(label, widestLabel)))
  const seen = counts.filter(([, , count]) => count > 0)
  const totals = totalsOf(seen, labels.length)
  const cells = seen
    .map(([truth, predicted, count]): Cell => {
      return {
        truth: names[truth]!,
        predicted: names[predicted]!,
        count,
        text: formatCount(count),
        share: count / totals[truth]!,
      }
    })
    .sort((a, b) => a.share - b.share)
  const withCounts = labels.length <= mostClassesWithCounts
  const cell = withCounts ? cellFor(names) : Math.max(1, Math.floor(side / labels.length))
  return {
    title: {
      text: shortenLabel(title, widestTitle),
      subtitle: summary(totals, seen, labels, cell * labels.length + legendWidth),
    },
    description: `Confusion matrix of ${title}`,
    width: cell * labels.length,
    height: cell * labels.length,
    data: { values: cells },
    encoding: { x: position(names, cell, 'predicted'), y: position(names, cell, 'truth') },
    layer: [
      shares(cell, withCounts),
      ...(withCounts
        ? [countsOn('weak', `datum.share < ${strongShare}`), countsOn('strong', `datum.share >= ${strongShare}`)]
        : []),
    ],
  }
}

/** Five digits fit into a cell. */
function formatCount(count: number): string {
  return count < 100_000 ? String(count) : compact.format(count)
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })
const grouped = new Intl.NumberFormat('en')

function totalsOf(counts: readonly ConfusionCount[], classes: number): readonly number[] {
  const totals = new Array<number>(classes).fill(0)
  for (const [truth, , count] of counts) totals[truth]! += count
  return totals
}

/** Names stand side by side where there is room for it. */
function cellFor(names: readonly string[]): number {
  const widest = Math.ceil(Math.max(0, ...names.map(pixelsOf)) + labelGap)
  const fits = widest <= largestCellWithCount && widest * names.length <= side
  return Math.max(smallestCellWithCount, fits ? widest : 0, Math.ceil(smallestSide / names.length))
}

const pixelsOf = (name: string) => textWidth(name) * labelFontSize

function shares(cell: number, withCounts: boolean): ChartLayer {
  const dot = cell < smallestDot ? { width: smallestDot, height: smallestDot } : {}
  return {
    // A thousand classes have tens of thousands of cells: a screen reader gets the description instead.
    mark: { type: 'rect', aria: withCounts, ...dot },
    encoding: {
      color: {
        field: 'share',
        type: 'quantitative',
        scale: { type: 'sqrt', domain: [0, 1] },
        legend: {
          title: 'share of the true class',
          format: '.0%',
          values: [0, 0.05, 0.25, 0.5, 1],
          gradientLength: 160,
          titleLimit: 200,
        },
      },
    },
  }
}

function countsOn(strength: 'weak' | 'strong', filter: string): ChartLayer {
  return {
    transform: [{ filter }],
    mark: { type: 'text', style: `on-${strength}`, aria: false },
    encoding: { text: { field: 'text', type: 'nominal' } },
  }
}

/** Every class has its name, or every so many; across the bottom they stand upright unless they fit side by side. */
function position(names: string[], cell: number, field: 'truth' | 'predicted') {
  const every = Math.ceil(labelPitch / cell)
  const flat = field === 'truth' || names.every((name) => pixelsOf(name) <= cell - labelGap)
  return {
    field,
    type: 'nominal',
    scale: { domain: names, padding: 0 },
    axis: {
      title: field === 'truth' ? 'true class' : 'predicted class',
      values: names.filter((_, index) => index % every === 0),
      ...{ labelLimit: 0, labelOverlap: false, ticks: every > 1, domain: false, grid: false },
      ...(!flat && { labelAngle: -90 }),
      ...(field === 'predicted' && flat && { labelAngle: 0 }),
    },
  } as const
}

function summary(
  totals: readonly number[],
  counts: readonly ConfusionCount[],
  labels: readonly string[],
  width: number,
): string[] {
  const examples = totals.reduce((sum, total) => sum + total, 0)
  const right = counts.reduce((sum, [truth, predicted, count]) => sum + (truth === predicted ? count : 0), 0)
  const share = examples === 0 ? '' : `, ${((right / examples) * 100).toFixed(1)} % on the diagonal`
  const confusions = counts.filter(([truth, predicted]) => truth !== predicted)
  const named = [...confusions]
    .sort((a, b) => b[2] - a[2] || a[0] - b[0] || a[1] - b[1])
    .slice(0, namedConfusions)
    .map(([truth, predicted, count]) => `${nameOf(labels, truth)} for ${nameOf(labels, predicted)} (${count})`)
  return [
    `${grouped.format(examples)} examples of ${labels.length} classes${share}`,
    ...(named.length > 0 ? listedInLines('most often:', named, Math.max(width, smallestSubtitle) / subtitleFontSize) : []),
  ]
}

const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u

/** A name within a sentence: one that is written from right to left is isolated (UAX 9), or it would turn its neighbours around. */
function nameOf(labels: readonly string[], index: number): string {
  const name = shortenLabel(labels[index]!, widestLabelInSentence)
  return rightToLeft.test(name) ? `\u2068${name}\u2069` : name
}
