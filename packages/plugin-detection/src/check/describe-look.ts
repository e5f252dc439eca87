import { formatTable } from '@mnas/core/text'
import type { Skipped } from '../annotations/skip-counter.js'
import type { AnchorCoverage } from './anchor-coverage.js'
import type { BoxCounts, ClassBoxes } from './count-boxes.js'

/** How well the anchors of a network fit boxes at the size of its input. */
export interface SizeCoverage extends AnchorCoverage {
  /** In pixels. */
  readonly inputSize: number
  readonly anchors: number
}

export interface LookFacts extends BoxCounts {
  readonly skippedBoxes: readonly Skipped[]
  readonly coverage: readonly SizeCoverage[]
}

/** With more a larger input is worth a look. */
const manyWithout = 0.05

/** `320 px: 9.6 % of 1,271 boxes have no anchor, 56.1 % none that overlaps by half`. */
export function describeCoverage({ inputSize, boxes, withoutAnchor, farFromAnchors }: SizeCoverage): string {
  const hint = withoutAnchor > manyWithout * boxes ? '; "mnas data check" says what another --size gives' : ''
  const [without, far] = [share(withoutAnchor, boxes), share(farFromAnchors, boxes)]
  return `${inputSize} px: ${without} of ${count(boxes)} boxes have no anchor, ${far} none that overlaps by half${hint}`
}

/** What is left out is told by who opened the data. */
export function describeLook({ classes, pictures, withoutBoxes, coverage }: LookFacts): readonly string[] {
  const sum = (of: (own: ClassBoxes) => number) => classes.reduce((all, own) => all + of(own), 0)
  const crowds = sum((own) => own.crowds)
  const sizes = (['small', 'medium', 'large'] as const).map((size) => `${count(sum((own) => own[size]))} ${size}`)
  return [
    ...formatTable(['CLASS', 'BOXES', 'SMALL', 'MEDIUM', 'LARGE'], classes.map(cells), ['CLASS']),
    '',
    `${count(sum((own) => own.boxes))} boxes: ${sizes.join(', ')}${crowds > 0 ? `, ${count(crowds)} crowds` : ''} (small: up to 32², large: above 96² pixels of the photo)`,
    `${count(pictures)} pictures, ${count(withoutBoxes)} without a box`,
    ...(coverage.length > 0 ? ['', ...coverageTable(coverage)] : []),
  ]
}

const cells = ({ label, boxes, small, medium, large }: ClassBoxes) => [label, ...[boxes, small, medium, large].map(count)]

function coverageTable(coverage: readonly SizeCoverage[]): readonly string[] {
  const rows = coverage.map(({ inputSize, anchors, boxes, withoutAnchor, farFromAnchors }) => [
    `${inputSize} px`,
    count(anchors),
    count(boxes),
    `${count(withoutAnchor)} (${share(withoutAnchor, boxes)})`,
    `${count(farFromAnchors)} (${share(farFromAnchors, boxes)})`,
  ])
  return formatTable(['SIZE', 'ANCHORS', 'BOXES', 'WITHOUT AN ANCHOR', 'NONE OVERLAPS BY HALF'], rows)
}

const count = (value: number) => value.toLocaleString('en')
const share = (part: number, whole: number) => `${(whole === 0 ? 0 : (100 * part) / whole).toFixed(1)} %`
