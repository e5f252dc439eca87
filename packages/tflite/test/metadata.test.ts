import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExportRequest, Graph, Preprocessing, Tensors } from '@mnas/core/contracts'
import { type WriteRequest, writeModelFile } from '@mnas/core/deployment'
import { GraphBuilder, renormalize } from '@mnas/core/graph'
import { exportRequest, interpret, randomTensors, testSurroundings } from '@mnas/core/testing'
import { tfliteExporter } from '@mnas/tflite'
import fc from 'fast-check'
import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { appendFiles } from '#internal/metadata/append-files.js'
import { image, origin, smallModel, temporaryFolder, weightsOf, withOutputs, withSoftmax } from './support/models.js'
import { readMetadata } from './support/read-metadata.js'
import { readTflite } from './support/read-tflite.js'
import { testedRuntimes } from './support/runtimes.js'

const imagenet: Preprocessing = {
  ...{ fit: { kind: 'crop', fraction: 0.875 }, exif: 'applied' },
  ...{ mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] },
}
/** Of the five classes of `smallModel`. */
const labels = ['Öl, dünn', '猫', 'twin', 'twin', ' a "b" ']

function write(request: Partial<WriteRequest> = {}) {
  const graph = request.graph ?? smallModel()
  const path = join(temporaryFolder(), 'model.tflite')
  const { options, ...complete } = exportRequest({
    graph,
    weights: weightsOf(graph),
    path,
    ...(request as Partial<ExportRequest>),
  })
  return writeModelFile(tfliteExporter, { ...complete, ...(request.options && { options }) })
}

async function written(request: Partial<WriteRequest> = {}) {
  const file = await write(request)
  const bytes = readFileSync(file.path)
  const model = readTflite(bytes)
  const { position, length } = model.buffers[model.metadata['TFLITE_METADATA']!]!
  return { file, bytes, model, metadata: readMetadata(bytes.subarray(position, position + length)) }
}

describe('the metadata', () => {
  it('says what the file takes and gives, in the order of its tensors', async () => {
    const { metadata, model } = await written({ name: 'photos', labels, options: { license: 'Apache-2.0' } })
    expect(metadata).toEqual({
      ...{ name: 'photos', description: 'Written by mnas.', license: 'Apache-2.0', minParserVersion: '1.0.0' },
      version: expect.stringMatching(/^[0-9a-f]{12}$/),
      files: [],
      inputs: [
        {
          name: 'image',
          description:
            'The square in the middle of an upright photo, 0.875 of its short side, scaled to 4 × 4: ' +
            '(pixel − 127.5) / 127.5, red, green and blue of 0 to 255.',
          colorSpace: 1,
          units: [{ type: 1, mean: [127.5], std: [127.5] }],
        },
      ],
      outputs: [{ name: 'logits', files: [{ name: 'labels.txt', type: 2 }], content: 0, boundingBox: null }],
      groups: [],
    })
    expect(model.metadata).toHaveProperty('min_runtime_version')
  })

  it('has another version for other weights, and for nothing else', async () => {
    const graph = smallModel()
    const versionOf = async (request: Partial<WriteRequest>) => (await written({ graph, ...request })).metadata.version
    const version = await versionOf({})
    expect(await versionOf({ labels, name: 'another', options: { license: 'MIT' } })).toBe(version)
    const weights = weightsOf(graph)
    const { data } = weights['logits.bias']!
    const changed = { ...weights, 'logits.bias': { ...weights['logits.bias']!, data: Float32Array.from(data, (b) => b + 1) } }
    expect(await versionOf({ weights: changed })).not.toBe(version)
  })

  it('is no part of the structure', async () => {
    const plain = await write()
    const told = await write({ name: 'another', labels, options: { license: 'MIT' } })
    expect(told.structure).toBe(plain.structure)
    expect(told.sha256).not.toBe(plain.sha256)
  })

  it('knows no license, no labels and no pixels where there are none', async () => {
    const builder = new GraphBuilder()
    builder.input('x', image(4))
    builder.output('y', builder.add('abs', { id: 'magnitude', inputs: ['x'], attributes: {}, origin }))
    for (const none of [null, []]) {
      const { metadata, bytes } = await written({ graph: builder.build(), labels: none })
      expect(metadata).toMatchObject({ license: null, files: [], outputs: [{ name: 'y', files: [] }] })
      expect(metadata.inputs).toEqual([{ name: 'x', description: null, colorSpace: null, units: [] }])
      expect(() => unzipSync(bytes)).toThrow()
    }
  })

  it('names the outputs that have a number for each class, or else the model', async () => {
    const graph = withOutputs(smallModel(), { map: 'active', logits: 'logits' })
    const { metadata } = await written({ graph, labels })
    expect(metadata.outputs).toMatchObject([
      { name: 'map', files: [] },
      { name: 'logits', files: [{ name: 'labels.txt', type: 2 }] },
    ])
    const maps = await written({ graph, labels: ['one', 'two'], outputs: ['map'] })
    expect(maps.metadata).toMatchObject({ files: [{ name: 'labels.txt', type: 0 }], outputs: [{ name: 'map', files: [] }] })
    expect(unzipSync(maps.bytes)['labels.txt']).toEqual(new TextEncoder().encode('one\ntwo'))
  })
})

describe('the label file', () => {
  it('stands behind the model, a label in each line', async () => {
    const { bytes } = await written({ labels })
    const files = unzipSync(bytes)
    expect(Object.keys(files)).toEqual(['labels.txt'])
    expect(new TextDecoder().decode(files['labels.txt']).split('\n')).toEqual(labels)
  })

  it.each([
    ['fewer than classes', labels.slice(1), 'Expected 5 labels, one for each class, received 4'],
    ['more than classes', [...labels, 'six'], 'Expected 5 labels, one for each class, received 6'],
    ['a line break', ['a', 'b\nc', 'd', 'e', 'f'], 'no line break, received "b\\nc" for class 1'],
    ['a carriage return', ['a', 'b', 'c', 'd', 'e\r'], 'no line break, received "e\\r" for class 4'],
    ['an empty one', ['', 'b', 'c', 'd', 'e'], 'not empty and have no line break, received "" for class 0'],
  ])('is refused with %s, and nothing is written', async (_, wrong, message) => {
    const path = join(temporaryFolder(), 'model.tflite')
    await expect(write({ labels: wrong, path })).rejects.toMatchObject({
      code: 'MNAS_EXPORT_LABELS',
      message: expect.stringContaining(message),
    })
    expect(readdirSync(join(path, '..'))).toEqual([])
  })

  it('counts its places from the beginning of the whole file, whatever stands before it', () => {
    const name = fc.stringMatching(/^[a-z]{1,8}\.txt$/)
    const content = fc.uint8Array({ maxLength: 40 })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.dictionary(name, content, { minKeys: 1, maxKeys: 4 }), (model, files) => {
        const whole = appendFiles(model, files)
        expect([...whole.subarray(0, model.length)]).toEqual([...model])
        expect(unzipSync(whole)).toEqual({ ...files })
      }),
    )
  })
})

describe('a model that normalises each channel in its own way', () => {
  it('becomes a file that takes all channels alike, and says so', async () => {
    const { file, metadata, model } = await written({ preprocessing: imagenet })
    expect(metadata.inputs[0]!.units).toEqual([{ type: 1, mean: [127.5], std: [127.5] }])
    expect(file.preprocessing).toEqual({ ...imagenet, mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5] })
    expect(model.operators.map(({ op }) => op)).toEqual(['MUL', 'ADD', 'CONV_2D', 'MEAN', 'FULLY_CONNECTED'])
  })

  it('is another structure of the same graph', async () => {
    const [own, common] = [await write({ preprocessing: imagenet }), await write()]
    expect(own.graphHash).toBe(common.graphHash)
    expect(own.structure).not.toBe(common.structure)
  })

  it('keeps a normalisation that is the same for all channels', async () => {
    const preprocessing: Preprocessing = { ...imagenet, mean: [0, 0, 0], std: [255, 255, 255] }
    const { file, metadata, model } = await written({ preprocessing })
    expect(file.preprocessing).toEqual(preprocessing)
    expect(metadata.inputs[0]!.units).toEqual([{ type: 1, mean: [0], std: [255] }])
    expect(model.operators[0]!.op).toBe('CONV_2D')
  })
})

const runtimes = await testedRuntimes()

describe.each(runtimes)('$name', ({ missing, create }) => {
  it.skipIf(missing !== null)('describes and runs a file with metadata, labels and a normalisation of its own', async () => {
    const graph: Graph = withSoftmax(smallModel(8))
    const [runtime, around, weights] = [create(), testSurroundings(), weightsOf(graph)]
    const file = await write({ graph, weights, labels, preprocessing: imagenet })
    const { inputs, outputs } = file
    expect(await runtime.describe(file, around)).toEqual({ inputs, outputs })
    const taken: Tensors = randomTensors(graph.inputs, { batch: 1, seed: 6 })
    const expected = interpret(graph, { inputs: taken, weights, mode: 'inference' }).outputs['probabilities']!.data
    async function* once() {
      yield renormalize(taken, imagenet, file.preprocessing!)
    }
    for await (const { probabilities } of runtime.run(file, once(), around))
      for (const [i, value] of expected.entries()) expect(probabilities!.data[i]).toBeCloseTo(value, 5)
  })
})
