/**
 * What both sides of bench/detection/step.mjs train: SSDLite on mnasnet-a1@0.5 for COCO's 80 classes, 320 px, from our own
 * architecture, graph, anchors and targets.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { namedArchitecture, scaleArchitecture } from '@mnas/core/architecture'
import { initializeWeights, lowerBackbone, parametersOf } from '@mnas/core/graph'
import { writeSafetensors } from '@mnas/core/weights'
import { exampleRandom, uniform, uniformUpTo } from '@mnas/images/random'
import detection from '@mnas/plugin-detection'
import { backboneTable, pictures } from '../../training/network.mjs'

const of = (name) => import(new URL(`../../../packages/plugin-detection/dist/${name}.js`, import.meta.url))
const { anchorsOf } = await of('targets/targets-of')
const { writeTargets } = await of('targets/write-targets')
const { cellAnchors } = await of('anchors/cell-anchors')

const [size, batch, classes, seed] = [320, 16, 80, 1]
const architecture = scaleArchitecture(namedArchitecture('mnasnet-a1@0.5'), { inputSize: size })
const optimizer = { kind: 'rmsprop', decay: 0.9, momentum: 0.9, epsilon: 1e-3, weightDecay: 4e-5, average: true }
const scalars = { learningRate: 1e-4, averageDecay: 0.998 }
const batchNormMomentum = 0.97
/** As the paper's recipe has it; the cost of a step does not depend on it. */
const overlap = 0.5

/** @param first anchors for each cell of the first map: 3 or 6 */
export function detectorStep(first) {
  const options = detection.options.parse({ classes, anchors: { first } })
  const model = detection.head(lowerBackbone(architecture), options)
  const anchors = anchorsOf(detection.targets(model, options))
  const weights = initializeWeights(model, seed)
  const inputs = { image: pictureBatch(), ...targetsFor(anchors) }
  const request = { model, objective: detection.objective(model, options, { kind: 'multibox' }), optimizer, batchNormMomentum }
  return { options, model, anchors: anchors.anchors.length / 4, weights, inputs, scalars, batch, request }
}

const tensor = (shape, data) => ({ dtype: 'float32', shape, data })
const pictureBatch = () => tensor([batch, size, size, 3], Float32Array.from(pictures(size, batch, 3)))

/** Targets of drawn boxes, one to fourteen a picture (COCO's have 7.3), their sides .05 to .8 of it. */
function targetsFor(anchors) {
  const count = anchors.anchors.length / 4
  const rows = Array.from({ length: batch }, (_, example) => {
    const row = { targetClass: new Float32Array(count), targetBox: new Float32Array(4 * count) }
    writeTargets(anchors, drawnBoxes(exampleRandom(seed, 0, example)), overlap, row)
    return row
  })
  const laid = (name) => Float32Array.from(rows.flatMap((row) => [...row[name]]))
  return {
    targetClass: tensor([batch, count], laid('targetClass')),
    targetBox: tensor([batch, count, 4], laid('targetBox')),
    weight: tensor([batch], new Float32Array(batch).fill(1)),
  }
}

function drawnBoxes(random) {
  const boxes = Array.from({ length: 1 + uniformUpTo(random, 13) }, () => {
    const [height, width] = [0, 0].map(() => Math.exp(uniform(random, Math.log(0.05), Math.log(0.8))))
    const [top, left] = [uniform(random, 0, 1 - height), uniform(random, 0, 1 - width)]
    return [top, left, top + height, left + width]
  })
  return { boxes: Float64Array.from(boxes.flat()), labels: Int32Array.from(boxes, () => uniformUpTo(random, classes - 1)) }
}

/** Writes what the peer reads: job.json, and start.safetensors with the batch and the weights that both begin with. */
export async function writePeerJob(folder, { options, model, weights, inputs, scalars: { learningRate, averageDecay } }) {
  const network = {
    ...backboneTable(architecture),
    extras: options.extras,
    anchors: cellAnchors(options.anchors, options.maps).map(({ length }) => length),
    columns: options.classes + 1,
  }
  const parameters = parametersOf(model).map(({ name, shape, statistic }) => ({ name, shape, statistic: statistic === true }))
  const { decay, momentum, epsilon, weightDecay } = optimizer
  const how = { decay, momentum, epsilon, weightDecay, learningRate, averageDecay, batchNormMomentum }
  writeFileSync(join(folder, 'job.json'), JSON.stringify({ network, parameters, how }))
  const batchTensors = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`batch/${name}`, value]))
  await writeSafetensors(join(folder, 'start.safetensors'), { ...weights, ...batchTensors })
}
