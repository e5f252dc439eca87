import { namedArchitecture, scaleArchitecture } from '@mnas/core/architecture'
import type { Tensors } from '@mnas/core/contracts'
import { initializeWeights, lowerBackbone } from '@mnas/core/graph'
import { randomizedStatistics } from '@mnas/core/testing'
import { deployed, head } from '#internal/head/head.js'
import { anchorsOf, targetsOf } from '#internal/targets/targets-of.js'

const labels = ['dog', 'größe, „so“', '猫']
const options = { classes: labels.length, extras: [64, 32, 32, 16] }
const size = 96
const architecture = scaleArchitecture(namedArchitecture('mnasnet-a1'), { inputSize: size, width: 0.35 })
const model = head(lowerBackbone(architecture), options)
const { graph } = deployed(model)

const factors = { boxes: 4, scores: 8 } as const

/** Drawn weights whose predictors say something: as they start, all boxes are their anchors and all scores ½. */
function decided(weights: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(weights).map(([name, tensor]) => {
      const [, output] = /^(boxes|scores)\d_predict\.kernel$/.exec(name) ?? []
      if (!output) return [name, tensor]
      return [name, { ...tensor, data: Float32Array.from(tensor.data, (value) => factors[output as 'boxes'] * value) }]
    }),
  )
}

/** An SSDLite of three classes at 96 px as it is deployed, with drawn weights under which it finds things. */
export const smallDetector = {
  ...{ size, labels, classes: labels.length, graph },
  weights: decided(randomizedStatistics(initializeWeights(graph, 5), 6)),
  anchors: Float32Array.from(anchorsOf(targetsOf(model, options)).anchors),
} as const
