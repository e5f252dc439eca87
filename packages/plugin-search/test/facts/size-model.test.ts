import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Genome, Precision, SearchSpace } from '@mnas/core/contracts'
import { drawnCalibration, writeModelFile } from '@mnas/core/deployment'
import { initializeWeights, lower } from '@mnas/core/graph'
import classification from '@mnas/plugin-classification'
import { tfliteExporter } from '@mnas/tflite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fitSizeModel, sizeFeatures, sizeMargin } from '#internal/facts/size-model.js'
import mnasnet from '#internal/space/mnasnet-space.js'
import { randomGenomes } from '#internal/space/random-genomes.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-size-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const task = { name: 'classification', options: { classes: 10, dropout: 0.2 } }
const spaces = [0.35, 0.5].map((width) => mnasnet.create({ width, inputSize: 32, task }))
const precisions = ['float32', 'float16', 'int8'] as const

/** As a search writes the files that it times, in every precision. */
async function filesOf(space: SearchSpace, genome: Genome) {
  const architecture = space.decode(genome)
  const graph = lower(architecture, classification)
  const { graph: deployed } = classification.deployed(graph, architecture.task.options)
  const weights = initializeWeights(graph, 0)
  const calibration = drawnCalibration(deployed)
  const shared = { name: architecture.name, graph: deployed, weights, labels: null, calibration }
  const sizes = new Map<Precision, number>()
  for (const precision of precisions) {
    const path = join(folder, 'network.tflite')
    const { preprocessing } = classification
    sizes.set(precision, (await writeModelFile(tfliteExporter, { ...shared, path, precision, preprocessing })).sizeBytes)
  }
  return { features: sizeFeatures(graph), sizes }
}

it('predicts the size of files in every precision from those of nine networks', async () => {
  const calibration = [await filesOf(spaces[0]!, spaces[0]!.smallest())]
  for (let index = 0; index < 8; index++) {
    const space = spaces[index % spaces.length]!
    calibration.push(await filesOf(space, randomGenomes(space, 1, 3, `calibration ${index}`)[0]!))
  }
  const others = [await filesOf(spaces[1]!, spaces[1]!.smallest())]
  for (const space of spaces) others.push(await filesOf(space, randomGenomes(space, 1, 7, 'others')[0]!))
  for (const precision of precisions) {
    const model = fitSizeModel(calibration.map(({ features, sizes }) => ({ features, sizeBytes: sizes.get(precision)! })))!
    for (const { features, sizes } of others) {
      const [predicted, received] = [model.predictSum(features), sizes.get(precision)!]
      expect(Math.abs(predicted / received - 1), `${precision}: ${predicted} for ${received}`).toBeLessThan(sizeMargin)
    }
  }
})
