import { namedArchitecture, scaleArchitecture, withTask } from '@mnas/core/architecture'
import type { Tensor } from '@mnas/core/contracts'
import { hashBytes } from '@mnas/core/files'
import { costsOf, initializeWeights, lower, parametersOf, reportArchitecture } from '@mnas/core/graph'
import { describe, expect, it } from 'vitest'
import classification from '#internal/index.js'

/**
 * Parameters, and multiply-adds in millions (convolutions, dense, squeeze-excite), of whole networks for 1000 classes: reference/mnasnet.md §1.
 * MobileNetV2: 3,504,872 as torchvision counts it; Sandler et al. 2018, table 4, say 300 M. From SPNASNet on: parameters, and multiply-adds of
 * convolutions and dense layers, of timm 1.0.31's networks.
 */
const golden: readonly (readonly [name: string, inputSize: number, parameters: number, millionMacs: string])[] = [
  ['mnasnet-a1', 224, 3_887_038, '311.6'],
  ['mnasnet-b1', 224, 4_383_312, '314.4'],
  ['mnasnet-small', 224, 2_030_264, '68.3'],
  ['mnasnet-d1', 224, 3_638_404, '967.7'],
  ['mnasnet-d1', 320, 3_638_404, '1973.6'],
  ['mnasnet-d1-320', 224, 6_932_240, '1807.7'],
  ['mnasnet-d1-320', 320, 6_932_240, '3687.9'],
  ['mnasnet-b1@0.5', 224, 2_218_512, '104.5'],
  ['mnasnet-b1@0.75', 224, 3_170_208, '215.5'],
  ['mnasnet-b1@1.3', 224, 6_282_256, '526.4'],
  ['mnasnet-a1@1.4', 224, 6_105_992, '586.3'],
  ['mnasnet-a1@0.75', 224, 2_912_278, '223.4'],
  ['mnasnet-a1@0.5', 224, 2_082_006, '103.2'],
  ['mnasnet-a1@0.35', 224, 1_747_018, '61.7'],
  ['mobilenet-v2', 224, 3_504_872, '300.8'],
  ['spnasnet', 224, 4_421_616, '333.5'],
  ['fbnet-c', 224, 5_572_200, '385.0'],
  ['efficientnet-lite0', 224, 4_652_008, '385.2'],
  ['efficientnet-lite1', 240, 5_416_680, '600.2'],
  ['efficientnet-lite2', 260, 6_092_072, '859.7'],
  ['efficientnet-lite3', 280, 8_197_096, '1383.3'],
  ['efficientnet-lite4', 300, 13_006_568, '2553.0'],
]

describe('golden counts', () => {
  it.each(golden)('%s at %i px: %i parameters, %s M MACs', (name, inputSize, parameters, millionMacs) => {
    const architecture = scaleArchitecture(namedArchitecture(name), { inputSize })
    const costs = costsOf(lower(architecture, classification))
    expect(costs.parameters).toBe(parameters)
    expect((costs.macs / 1e6).toFixed(1)).toBe(millionMacs)
  })

  it('are the sums of the rows of a report', () => {
    const { rows, parameters, macs } = reportArchitecture(namedArchitecture('mnasnet-a1'), classification)
    expect(rows.map(({ row, outputSize }) => [row, outputSize])).toEqual([
      ['stem', 112],
      [1, 112],
      [2, 56],
      [3, 28],
      [4, 14],
      [5, 14],
      [6, 7],
      [7, 7],
      ['head', 7],
    ])
    expect(rows.reduce((sum, row) => sum + row.parameters, 0)).toBe(parameters)
    expect(rows.reduce((sum, row) => sum + row.macs, 0)).toBe(macs)
  })
})

describe('the head', () => {
  const small = namedArchitecture('mnasnet-small')

  it('is pool, dropout, dense; without dropout at rate 0', () => {
    const tail = (options: { classes: number; dropout: number }) =>
      lower(withTask(small, 'classification', options), classification)
        .nodes.slice(-3)
        .map(({ id, op, shape }) => [id, op, shape])
    expect(tail({ classes: 6, dropout: 0.2 })).toEqual([
      ['pool', 'globalAveragePool', [1280]],
      ['dropout', 'dropout', [1280]],
      ['logits', 'dense', [6]],
    ])
    expect(tail({ classes: 6, dropout: 0 }).map(([id]) => id)).toEqual(['head_conv_relu', 'pool', 'logits'])
  })

  it('starts at small logits whatever the number of classes, with the same weights as ever', () => {
    const start = (classes: number) => {
      const model = lower(withTask(small, 'classification', { classes, dropout: 0 }), classification)
      const kernel = parametersOf(model).find(({ name }) => name === 'logits.kernel')!
      const weights = initializeWeights(model, 7)
      const digest = ({ data }: Tensor) => hashBytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)).slice(0, 16)
      const digests = Object.entries(weights).map(([name, tensor]) => `${name} ${digest(tensor)}`)
      return [
        kernel.initializer,
        digest(weights['logits.kernel']!),
        hashBytes(new TextEncoder().encode(digests.join())).slice(0, 16),
      ]
    }
    expect(start(6)).toEqual([{ kind: 'uniform', limit: 1 / Math.sqrt(1000) }, '399833a8d242a003', 'f20a6bded46b2df5'])
    expect(start(1000)).toEqual([{ kind: 'uniform', limit: 1 / Math.sqrt(1000) }, '8113f816ed8602c4', '59d63645a378a5ee'])
    expect(start(1500)).toEqual([{ kind: 'uniform', limit: 1 / Math.sqrt(1500) }, 'a17bba63be86e60f', '65a2aef9949e599c'])
  })

  it('gives logits for training and probabilities for deployment', () => {
    const model = lower(small, classification)
    expect(model.outputs).toEqual({ logits: 'logits' })
    const deployed = classification.deployed(model, {}).graph
    expect(deployed.outputs).toEqual({ probabilities: 'probabilities' })
    expect(deployed.nodes.at(-1)).toMatchObject({ op: 'softmax', inputs: ['logits'], shape: [1000] })
  })

  it.each([
    [{ classes: 1 }, 'classes'],
    [{ classes: 2.5 }, 'classes'],
    [{ dropout: 0.1 }, 'classes'],
    [{ classes: 2, dropout: 1 }, 'dropout'],
    [{ classes: 2, droput: 0 }, 'droput'],
  ])('refuses the options %o', (options, field) => {
    const architecture = withTask(small, 'classification', options as { [option: string]: number })
    expect(() => lower(architecture, classification)).toThrow(
      expect.objectContaining({ code: 'MNAS_ARCHITECTURE_FIELD', message: expect.stringContaining(`task.options.${field}`) }),
    )
  })

  it('belongs to architectures of its task', () => {
    expect(() => lower(withTask(small, 'detection', {}), classification)).toThrow(
      expect.objectContaining({ code: 'MNAS_GRAPH_TASK' }),
    )
  })
})
