import { join } from 'node:path'
import type { Tensors } from '@mnas/core/contracts'
import { writeModelFile } from '@mnas/core/deployment'
import { GraphBuilder } from '@mnas/core/graph'
import { exportRequest, testSurroundings } from '@mnas/core/testing'
import { tfliteExporter } from '@mnas/tflite'
import { afterAll, describe, expect, it } from 'vitest'
import { detectionOutputs, postProcessing } from '#internal/deployment/post-processing.js'
import { detect } from '#internal/detections/detect.js'
import type { RawDetections, Suppression } from '#internal/detections/suppression.js'
import { answersOf } from '../../../tflite/test/support/calibration.js'
import { temporaryFolder } from '../../../tflite/test/support/models.js'
import { testedRuntimes } from '../../../tflite/test/support/runtimes.js'
import { detectionsOf } from '../support/file-detections.js'
import { goldenCases, rawOf, suppressionOf } from '../support/golden-postprocess.js'

const float32 = (shape: readonly number[], data: Float32Array) => ({ dtype: 'float32' as const, shape, data })

/** A file that holds nothing but the operator. */
async function operatorFile({ anchors, scores, classes }: RawDetections, suppression: Suppression) {
  const count = anchors.length / 4
  const builder = new GraphBuilder()
  for (const [name, columns] of [
    ['boxes', 4],
    ['scores', scores.length / count],
  ] as const) {
    builder.input(name, { shape: [count, columns], dtype: 'float32', batched: true })
    builder.output(name, name)
  }
  const request = exportRequest({ graph: builder.build(), weights: {}, path: join(temporaryFolder(), 'operator.tflite') })
  const behind = postProcessing({ anchors, classes }, suppression)
  return writeModelFile(tfliteExporter, { ...request, options: {}, postProcessing: behind })
}

const inputsOf = ({ codes, scores, anchors }: RawDetections): Tensors => {
  const count = anchors.length / 4
  return { boxes: float32([1, count, 4], codes), scores: float32([1, count, scores.length / count], scores) }
}

const plain = ({ boxes, classes, scores }: ReturnType<typeof detect>) => ({
  boxes: [...boxes],
  classes: [...classes],
  scores: [...scores],
})

/** Numbers of 0 to 1 (Numerical Recipes' linear congruence), the same each time. */
function uniform(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

interface Kind {
  readonly seed: number
  readonly anchors: number
  readonly classes: number
  readonly background: boolean
  readonly suppression: Suppression
}

const pick = <T>(values: readonly T[], at: number): T => values[at % values.length]!

/** All kinds of rules on all kinds of sizes. */
const kinds = Array.from({ length: 16 }, (_, seed): Kind => {
  const suppression: Suppression = {
    rule: pick(['regular', 'fast'], seed),
    scoreThreshold: pick([1e-8, 0.05, 0.3, 0], seed >> 1),
    overlapThreshold: pick([0.6, 0.3, 1], seed),
    maxDetections: pick([100, 10, 1, 25], seed >> 2),
    maxPerClass: pick([100, 2], seed >> 3),
    classesPerDetection: 1,
  }
  const sizes = { anchors: pick([7, 40, 150, 300], seed >> 1), classes: pick([1, 3, 20, 90], (seed >> 1) + (seed >> 3)) }
  return { seed, ...sizes, background: seed % 3 !== 0, suppression }
})
const images = 64

/** Half of the images have few values, so that scores tie and boxes meet. */
function rawsOf({ seed, anchors, classes, background }: Kind): readonly RawDetections[] {
  const draw = uniform(seed + 1)
  const floats = (length: number, one: () => number) => Float32Array.from({ length }, one)
  const places = floats(4 * anchors, () => 0.05 + 0.6 * draw())
  return Array.from({ length: images }, (_, image) => {
    const value = image % 2 === 0 ? draw : () => Math.floor(5 * draw()) / 5
    return {
      codes: floats(4 * anchors, () => 8 * value() - 4),
      scores: floats(anchors * (classes + Number(background)), () => value() ** 3),
      anchors: places,
      classes,
    }
  })
}

const runtimes = await testedRuntimes()

describe.each(runtimes)('the operator in $name', ({ missing, create }) => {
  const started = create().start!(testSurroundings())
  afterAll(() => started.close())

  it.skipIf(missing !== null || goldenCases === null).each(goldenCases ?? [])('golden: $name', async (golden) => {
    const [raw, suppression] = [rawOf(golden), suppressionOf(golden)]
    const file = await operatorFile(raw, suppression)
    const [answer] = await answersOf(started, file, [inputsOf(raw)])
    const found = plain(detectionsOf(answer!, suppression.classesPerDetection))
    expect(answer![detectionOutputs.count]!.data[0]).toBe(golden.count)
    expect(found.classes).toEqual(golden.classes)
    expect(found.scores).toEqual(golden.detectionScores.map(Math.fround))
    expect(found).toEqual(plain(detect(raw, suppression)))
  })
})

const native = runtimes.find(({ name }) => name === 'litert')!

describe.skipIf(native.missing)('the operator on 1,024 drawn answers', () => {
  const started = native.create().start!(testSurroundings())
  afterAll(() => started.close())

  it.each(kinds)(
    '$suppression.rule, $anchors anchors, $classes classes, from $suppression.scoreThreshold, seed $seed',
    async (kind) => {
      const raws = rawsOf(kind)
      const answers = await answersOf(started, await operatorFile(raws[0]!, kind.suppression), raws.map(inputsOf))
      expect(answers).toHaveLength(images)
      for (const [image, answer] of answers.entries())
        expect(plain(detectionsOf(answer))).toEqual(plain(detect(raws[image]!, kind.suppression)))
    },
  )
})
