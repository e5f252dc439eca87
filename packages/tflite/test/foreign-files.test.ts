import { join } from 'node:path'
import type { FileTensor, Tensors } from '@mnas/core/contracts'
import { testSurroundings } from '@mnas/core/testing'
import { liteRtJsRuntime } from '@mnas/tflite'
import { describe, expect, it } from 'vitest'
import { drawnInputs } from '#internal/runtime/drawn-inputs.js'
import { sharedData } from '../../../test/support/shared-data.js'
import { type ForeignModel, foreignModel, types } from './support/foreign-model.js'
import { testedRuntimes } from './support/runtimes.js'

const around = testSurroundings()
const timing = { threads: 1, runs: 2, flags: {} } as const
const written = (model: ForeignModel) => ({ path: foreignModel(model), format: 'tflite' })
const folder = sharedData('faults/foreign-tflite')

/** Official converter's files of tiny networks. */
const official: readonly { name: string; dtype: string; input: object; output: object }[] = [
  {
    name: 'keras-dynamic-batch',
    dtype: 'float32',
    input: { name: 'keras_tensor', shape: [1, 32, 32, 3], dtype: 'float32', affine: null },
    output: { name: 'output_0', shape: [1, 5], dtype: 'float32', affine: null },
  },
  {
    name: 'int8-io',
    dtype: 'int8',
    input: {
      ...{ name: 'keras_tensor', shape: [1, 32, 32, 3], dtype: 'int8' },
      affine: { scale: [expect.closeTo(1 / 255, 6)], zeroPoint: [-128], axis: null },
    },
    output: { name: 'output_0', shape: [1, 5], dtype: 'int8', affine: { scale: [1 / 256], zeroPoint: [-128], axis: null } },
  },
  {
    name: 'int64',
    dtype: 'int64',
    input: { name: 'a', shape: [1, 3], dtype: 'int64', affine: null },
    output: { name: 'y', shape: [1, 3], dtype: 'int64', affine: null },
  },
]

/** What LiteRT.js hands over. */
const portable = ['float32', 'int32', 'uint8']

for (const { name, missing, create } of await testedRuntimes()) {
  const takes = (dtype: string) => name === 'litert' || portable.includes(dtype)

  describe.skipIf(missing)(`files of others on ${name}`, () => {
    it.skipIf(folder === null).each(official)(
      'describes and times $name.tflite',
      async ({ name: file, dtype, input, output }) => {
        const model = { path: join(folder!, `${file}.tflite`), format: 'tflite' }
        expect(await create().describe(model, around)).toEqual({ inputs: [input], outputs: [output] })
        const timed = create().timeMs(model, timing, around)
        if (takes(dtype)) expect(await timed).toHaveLength(2)
        else await expect(timed).rejects.toMatchObject({ code: 'MNAS_RUNTIME_TYPE', message: expect.stringContaining(dtype) })
      },
    )

    it.each((Object.keys(types) as (keyof typeof types)[]).filter((type) => type !== 'string'))(
      'times inputs of %s',
      async (type) => {
        const timed = create().timeMs(written({ type, shape: [1, 4] }), timing, around)
        if (takes(type)) expect(await timed).toHaveLength(2)
        else await expect(timed).rejects.toMatchObject({ code: 'MNAS_RUNTIME_TYPE', message: expect.stringContaining(type) })
      },
    )

    it('takes an open batch as 1, wherever the writer left it open', async () => {
      async function* feed(): AsyncGenerator<Tensors> {
        yield { x: { dtype: 'uint8', shape: [1, 3], data: Uint8Array.of(1, 2, 255) } }
      }
      for (const model of [
        { type: 'uint8', shape: [1, 3], open: [-1, 3] },
        { type: 'uint8', shape: [-1, 3] },
      ] as const) {
        const answers: Tensors[] = []
        for await (const outputs of create().run(written(model), feed(), around)) answers.push(outputs)
        expect(answers).toEqual([{ y: { dtype: 'float32', shape: [1, 3], data: Float32Array.of(1, 2, 255) } }])
      }
    })

    it('takes and gives tensors in the order of the graph, by the names of a signature that has another', async () => {
      const model = written({ type: 'uint8', shape: [1, 3], crossed: true })
      const { inputs, outputs } = await create().describe(model, around)
      expect([inputs, outputs].map((tensors) => tensors.map((tensor) => tensor.name))).toEqual([
        ['first', 'second'],
        ['first', 'second'],
      ])
      async function* feed(): AsyncGenerator<Tensors> {
        yield {
          first: { dtype: 'uint8', shape: [1, 3], data: Uint8Array.of(1, 2, 3) },
          second: { dtype: 'uint8', shape: [1, 3], data: Uint8Array.of(4, 5, 6) },
        }
      }
      const answers: Tensors[] = []
      for await (const given of create().run(model, feed(), around)) answers.push(given)
      const answer = (...values: readonly number[]) => ({ dtype: 'float32', shape: [1, 3], data: Float32Array.of(...values) })
      expect(answers).toEqual([{ first: answer(1, 2, 3), second: answer(4, 5, 6) }])
    })

    it('names a size that is open and no batch, and a type that is no number', async () => {
      const open = create().timeMs(written({ type: 'float32', shape: [1, 1, 3], open: [1, -1, 3] }), timing, around)
      await expect(open).rejects.toMatchObject({
        code: 'MNAS_RUNTIME_MODEL',
        message: expect.stringContaining('shape [1, -1, 3] of its tensor "x" is open in axis 1'),
      })
      const text = create().describe(written({ type: 'string', shape: [1, 3] }), around)
      await expect(text).rejects.toMatchObject({
        code: 'MNAS_RUNTIME_MODEL',
        message: expect.stringContaining('its tensor "x" is string, none of float32'),
      })
    })

    it('names an output whose shape is not known before it runs: what would stand in it is left over', async () => {
      const timed = create().timeMs(written({ type: 'float32', shape: [1, 4], shapeOfInput: true }), timing, around)
      await expect(timed).rejects.toMatchObject({
        code: 'MNAS_RUNTIME_MODEL',
        message: expect.stringContaining('the shape of its output "y" is computed while it runs'),
      })
    })

    it('names the custom ops that it lacks, and does not send the file back to mnas', async () => {
      const timed = create().timeMs(written({ type: 'float32', shape: [1, 4], customOp: 'FlexErfinv' }), timing, around)
      const error = await timed.catch((thrown: { code: string; message: string }) => thrown)
      expect(error).toMatchObject({ code: 'MNAS_RUNTIME_MODEL', message: expect.stringContaining('"FlexErfinv"') })
      expect((error as { message: string }).message).not.toContain('mnas deploy')
    })

    it('shows names of any length and content on one line', async () => {
      const customOp = `Flex\n\u001b[31m${'x'.repeat(10_000)}`
      const timed = create().timeMs(written({ type: 'float32', shape: [1, 4], customOp }), timing, around)
      await expect(timed).rejects.toThrow(/: it needs custom ops .*: "Flex\\u\{a\}\\u\{1b\}\[31mx{50}…"\. Expected an intact/)
    })
  })
}

describe('a description', () => {
  it('needs no native library', async () => {
    const { liteRt } = await import('@mnas/tflite')
    const nowhere = testSurroundings({ cacheFolder: '/nonexistent' })
    const file = written({ type: 'int16', shape: [1, 2] })
    expect((await liteRt.describe(file, nowhere)).inputs).toEqual([{ name: 'x', shape: [1, 2], dtype: 'int16', affine: null }])
    expect(await liteRtJsRuntime().describe(file, nowhere)).toEqual(await liteRt.describe(file, nowhere))
  })
})

describe('inputs to time with', () => {
  const draw = (dtype: FileTensor['dtype'], affine: FileTensor['affine'] = null, length = 500) =>
    drawnInputs([{ name: 'x', shape: [1, length], dtype, affine }])['x']!

  it('spread pixels and features all over their range', () => {
    const floats = new Float32Array(draw('float32').buffer)
    expect(Math.min(...floats)).toBeLessThan(-0.99)
    expect(Math.max(...floats)).toBeGreaterThan(0.99)
    expect(floats.every((value) => Math.abs(value) <= 1)).toBe(true)
    expect(Math.max(...new Float64Array(draw('float64').buffer))).toBeGreaterThan(0.99)
    for (const dtype of ['int8', 'uint8'] as const) expect(new Set(draw(dtype)).size).toBeGreaterThan(200)
    expect(new Set(draw('bool'))).toEqual(new Set([0, 1]))
    expect(new Set(draw('int16', { scale: [0.1], zeroPoint: [0], axis: null })).size).toBeGreaterThan(200)
    const halves = new Uint16Array(draw('float16').buffer)
    expect([...halves].every((half) => (half & 0x7c00) === 0x3800)).toBe(true)
    expect(new Set(halves).size).toBeGreaterThan(200)
  })

  it('lead out of no table: whole numbers that stand for themselves are 0', () => {
    for (const dtype of ['int16', 'int32', 'int64'] as const) expect(new Set(draw(dtype))).toEqual(new Set([0]))
  })

  it('are the same each time', () => {
    expect(draw('float32')).toEqual(draw('float32'))
  })
})
