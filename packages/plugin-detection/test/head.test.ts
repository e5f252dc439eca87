import { namedArchitecture, scaleArchitecture } from '@mnas/core/architecture'
import type { Graph } from '@mnas/core/contracts'
import { costsOf, initializeWeights, lowerBackbone, parametersOf, taps } from '@mnas/core/graph'
import { tinyArchitecture } from '@mnas/core/testing'
import { describe, expect, it } from 'vitest'
import { deployed, head } from '#internal/head/head.js'
import { optionsSchema } from '#internal/options.js'
import { golden } from './support/golden.js'

interface GoldenCount {
  readonly parameters: number
  readonly macs: number
  readonly maps: readonly number[]
  readonly channels: readonly number[]
  readonly anchors: number
}

/** `mnasnet-a1@0.5 320px 81 columns extras scaled`: an independent counter's, prototypes/detection/count.py. */
const counts = golden<Readonly<Record<string, GoldenCount>>>('golden-counts.json')
const names: Readonly<Record<string, string>> = { mobilenetv2: 'mobilenet-v2' }

function read(title: string) {
  const { name, width, size, columns } = /^(?<name>[\w-]+)@(?<width>[\d.]+) (?<size>\d+)px (?<columns>\d+) columns/.exec(title)!
    .groups!
  const scaled = { width: Number(width), inputSize: Number(size) }
  return { architecture: scaleArchitecture(namedArchitecture(names[name!] ?? name!), scaled), classes: Number(columns) - 1 }
}

const shapeOf = (graph: Graph, output: string) => graph.nodes.find(({ id }) => id === graph.outputs[output])!.shape

describe.skipIf(counts === null)('golden counts, three anchors for a cell of the first map', () => {
  it('are 53', () => expect(Object.keys(counts!)).toHaveLength(53))

  it.each(Object.entries(counts ?? {}))('%s', (title, expected) => {
    const { architecture, classes } = read(title)
    const extras = expected.channels.slice(2)
    const backbone = lowerBackbone(architecture)
    const model = head(backbone, { classes, extras, anchors: { first: 3 } })
    expect(costsOf(model)).toMatchObject({ parameters: expected.parameters, macs: expected.macs })
    expect(shapeOf(model, 'boxes')).toEqual([expected.anchors, 4])
    expect(shapeOf(model, 'scores')).toEqual([expected.anchors, classes + 1])
    expect(taps(backbone).at(-2)).toMatchObject({ stride: 16, channels: expected.channels[0] })
  })
})

describe('the head', () => {
  const backbone = lowerBackbone(scaleArchitecture(namedArchitecture('mnasnet-a1'), { inputSize: 320 }))

  it('has six anchors for a cell of the first map by itself', () => {
    const model = head(backbone, { classes: 80 })
    expect(costsOf(model)).toMatchObject({ parameters: 4_917_386, macs: 889_643_872 })
    expect(shapeOf(model, 'boxes')).toEqual([3234, 4])
  })

  it('reads what the last stride reads, and the features', () => {
    const model = head(backbone, { classes: 3 })
    const input = (id: string) => model.nodes.find((node) => node.id === id)!.inputs
    expect(input('boxes1_depthwise')).toEqual(['block6_1_expand_relu'])
    expect(input('scores1_depthwise')).toEqual(['block6_1_expand_relu'])
    expect(input('boxes2_depthwise')).toEqual([backbone.outputs['features']])
    expect(input('extra1_reduce')).toEqual([backbone.outputs['features']])
    expect(input('scores6_depthwise')).toEqual(['extra4_expand_relu'])
  })

  it('has fewer maps where that is asked for', () => {
    const model = head(backbone, { classes: 3, maps: 4, extras: [64, 32, 16] })
    expect(shapeOf(model, 'boxes')).toEqual([6 * (400 + 100 + 25 + 9), 4])
    expect(model.nodes.filter(({ id }) => /^extra\d_expand$/.test(id)).map(({ shape }) => shape.at(-1))).toEqual([64, 32])
  })

  it('starts as TensorFlow starts it: predictors near 0, scores where the options say', () => {
    const model = head(backbone, { classes: 3, startBias: -4.6 })
    const initializerOf = (name: string) => parametersOf(model).find((parameter) => parameter.name === name)!.initializer
    for (const name of ['boxes1_predict.kernel', 'scores6_predict.kernel', 'scores2_depthwise.kernel']) {
      expect(initializerOf(name)).toEqual({ kind: 'truncatedNormal', stddev: 0.03 })
    }
    expect(initializerOf('scores3_predict.bias')).toEqual({ kind: 'constant', value: -4.6 })
    expect(initializerOf('boxes3_predict.bias')).toEqual({ kind: 'zeros' })
    const values = initializeWeights(model, 3)['scores1_predict.kernel']!.data
    expect(Math.max(...values)).toBeLessThanOrEqual(0.06)
  })

  it('gives codes as they are and probabilities when it is deployed', () => {
    const { graph } = deployed(head(backbone, { classes: 3 }))
    expect(Object.keys(graph.outputs)).toEqual(['boxes', 'scores'])
    expect(graph.outputs['boxes']).toBe('boxes')
    expect(graph.nodes.at(-1)).toMatchObject({ op: 'sigmoid', inputs: ['scores'], shape: [3234, 4] })
  })

  it.each([
    ['same', 32],
    ['symmetric', 33],
  ] as const)('fits small networks with %s padding', (padding, size) => {
    const model = head(lowerBackbone(tinyArchitecture(padding, 'relu6', size)), { classes: 2, extras: [8, 4, 4, 4] })
    expect(shapeOf(model, 'scores')).toEqual([shapeOf(model, 'boxes')[0], 3])
  })

  it('refuses a backbone that strides in its stem alone', () => {
    const tiny = tinyArchitecture('same', 'relu', 32)
    const blocks = tiny.blocks.map((row) => ({ ...row, stride: 1 as const }))
    expect(() => head(lowerBackbone({ ...tiny, blocks }), { classes: 2 })).toThrow(
      expect.objectContaining({ code: 'MNAS_DETECTION_BACKBONE', message: expect.stringContaining('strides 2') }),
    )
  })
})

describe('the options', () => {
  it('are those of the configuration but for the anchors of the first map, and stay what they are', () => {
    const options = optionsSchema.parse({ classes: 80 })
    expect(options).toEqual({
      classes: 80,
      maps: 6,
      extras: [512, 256, 256, 128],
      anchors: { first: 6, smallest: 0.1, scales: [0.2, 0.95] },
      startBias: 0,
    })
    expect(optionsSchema.parse(options)).toEqual(options)
  })

  it.each([
    [{ classes: 0 }, 'classes'],
    [{ classes: 2, maps: 7 }, 'maps'],
    [{ classes: 2, maps: 1 }, 'maps'],
    [{ classes: 2, extras: [1] }, 'extras'],
    [{ classes: 2, anchors: { first: 9 } }, 'anchors'],
    [{ classes: 2, anchor: {} }, 'anchor'],
  ])('refuse %o', (options, field) => {
    const { error } = optionsSchema.safeParse(options)
    expect(JSON.stringify(error!.issues)).toContain(field)
  })
})
