import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { cocoNumbers } from '#internal/evaluation/box-evaluation.js'
import { sharedData } from '../../../../test/support/shared-data.js'
import { type CocoResults, type CocoTruth, evaluateCoco } from '../support/coco-tables.js'
import { golden } from '../support/golden.js'

interface GoldenCase {
  readonly name: string
  readonly gt: CocoTruth
  readonly dt: CocoResults
  /** Of pycocotools 2.0.11: the twelve numbers, −1 where there is nothing to be found. */
  readonly stats: readonly number[]
}

/** prototypes/detection/evalcases.py. */
const cases = golden<{ readonly cases: readonly GoldenCase[] }>('golden-eval-cases.json')?.cases ?? null
const theirBug = 'annotation id 0 counts as not found (pycocotools)'

const numbersOf = (stats: readonly number[]) =>
  Object.fromEntries(cocoNumbers.flatMap((name, at) => (stats[at] === -1 ? [] : [[name, expect.closeTo(stats[at]!, 12)]])))

describe.skipIf(cases === null)('what pycocotools says', () => {
  it('is fourteen cases', () => expect(cases).toHaveLength(14))

  it.each((cases ?? []).filter(({ name }) => name !== theirBug))('$name', ({ gt, dt, stats }) => {
    expect(evaluateCoco(gt, dt).numbers).toEqual(numbersOf(stats))
  })

  it('is not followed where it takes the object with the id 0 for none', () => {
    const { gt, dt, stats } = cases!.find(({ name }) => name === theirBug)!
    expect(stats[1]).toBeLessThan(0.3)
    expect(evaluateCoco(gt, dt).numbers).toMatchObject({ map50: expect.closeTo(1, 12), recall100: 1 })
  })
})

const folder = sharedData('coco-eval-reference')

/** The COCO API's own test data: 100 images, 839 annotations, 9 of them crowds, 734 detections; reference/ssdlite.md. */
describe.skipIf(folder === null)('the reference of the COCO API', () => {
  const read = <T>(name: string) => JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')) as T
  const expected = [
    0.5045806987249628, 0.6969727247299577, 0.5729816669904824, 0.5856257209410443, 0.5193996948036719, 0.5013978986347466,
    0.38681277964578054, 0.5936795762842003, 0.595352982877607, 0.6398109626113442, 0.5664205978994309, 0.5642905982905982,
  ]

  it('has its twelve numbers', () => {
    const { numbers, labels, objects } = evaluateCoco(read<CocoTruth>('gt'), read<CocoResults>('dt'))
    expect(Object.keys(numbers)).toEqual([...cocoNumbers])
    for (const [at, name] of cocoNumbers.entries()) expect(numbers[name]).toBeCloseTo(expected[at]!, 12)
    expect(objects.small + objects.medium + objects.large).toBe(839 - 9)
    const found = labels.flatMap((label) => (label ? [label.ap50] : []))
    expect(found.reduce((sum, ap) => sum + ap, 0) / found.length).toBeCloseTo(expected[1]!, 12)
  })
})
