import type { Exporter, JsonObject, ModelFile } from '@mnas/core/contracts'
import { modelFileName, type WriteRequest, writeModelFile } from '@mnas/core/deployment'
import { exportRequest } from '@mnas/core/testing'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const graph = { inputs: {}, nodes: [], outputs: {} }

/** An exporter that notes what it is asked. */
function listeningExporter(options: Exporter['options']) {
  const heard: { precision: string; options: JsonObject }[] = []
  const exporter: Exporter = {
    format: 'fake',
    version: '1',
    ops: [],
    precisions: ['float32', 'float16'],
    options,
    write: async (request) => {
      heard.push({ precision: request.precision, options: request.options })
      return {} as ModelFile
    },
  }
  return { exporter, heard }
}

const schema = z.strictObject({ rounds: z.int('a whole number').default(3), fast: z.boolean().default(false) })
const { precision: _, options: __, ...plain } = exportRequest({ graph, weights: {}, path: 'nowhere' })

async function outcome(request: Partial<WriteRequest>, options: Exporter['options'] = schema) {
  const { exporter, heard } = listeningExporter(options)
  try {
    await writeModelFile(exporter, { ...plain, ...request })
    return heard
  } catch (error) {
    expect(heard).toEqual([])
    return error
  }
}

describe('writeModelFile', () => {
  it("fills in the exporter's own precision and options", async () => {
    expect(await outcome({})).toEqual([{ precision: 'float32', options: { rounds: 3, fast: false } }])
    const wish = { precision: 'float16', options: { rounds: 5 } } as const
    expect(await outcome(wish)).toEqual([{ precision: 'float16', options: { rounds: 5, fast: false } }])
  })

  it('names a precision that the exporter does not write', async () => {
    expect(await outcome({ precision: 'int8' })).toMatchObject({
      code: 'MNAS_EXPORT_PRECISION',
      message: expect.stringContaining('Expected float32 or float16, received int8'),
    })
  })

  it('names an unknown option with the known ones, and one of a wrong value', async () => {
    expect(await outcome({ options: { round: 5 } })).toMatchObject({
      code: 'MNAS_EXPORT_OPTION',
      message: expect.stringContaining('the option "round". Expected one of rounds, fast, received 5'),
    })
    expect(await outcome({ options: { rounds: 'many' } })).toMatchObject({
      code: 'MNAS_EXPORT_OPTION',
      message: expect.stringContaining('the option "rounds". Expected a whole number, received "many"'),
    })
    expect(await outcome({ options: { rounds: 1 } }, z.strictObject({}))).toMatchObject({
      message: expect.stringContaining('Expected no options, received 1'),
    })
  })

  it('names an operator that the format does not have, and hands on one that it has', async () => {
    const postProcessing = { operator: 'Sort', reads: [], constants: [], options: {}, outputs: [] }
    expect(await outcome({ postProcessing })).toMatchObject({
      code: 'MNAS_EXPORT_POSTPROCESSING',
      message: expect.stringContaining('A fake file cannot end in the operator Sort. Expected none'),
    })
    const { exporter, heard } = listeningExporter(schema)
    const able = { ...exporter, postProcessing: ['Sort', 'Cut'] }
    await writeModelFile(able, { ...plain, postProcessing })
    expect(heard).toHaveLength(1)
    await expect(writeModelFile(able, { ...plain, postProcessing: { ...postProcessing, operator: 'Turn' } })).rejects.toThrow(
      'Expected Sort or Cut',
    )
  })

  it('says what a schema of another library says', async () => {
    const stubborn = {
      parse: () => {
        throw new TypeError('rounds must be odd')
      },
    }
    expect(await outcome({ options: { rounds: 2 } }, stubborn)).toMatchObject({
      code: 'MNAS_EXPORT_OPTION',
      message: expect.stringContaining('rounds must be odd'),
    })
  })
})

describe('modelFileName', () => {
  it('gives each precision a name of its own, the usual one the shortest', () => {
    const name = (precision: 'float32' | 'float16' | 'weights' | 'dynamic' | 'int8') =>
      modelFileName({ name: 'photos', inputSize: 224, precision, format: 'tflite' })
    expect(name('float32')).toBe('photos-224px.tflite')
    expect(name('int8')).toBe('photos-224px-int8.tflite')
    const all = (['float32', 'float16', 'weights', 'dynamic', 'int8'] as const).map(name)
    expect(new Set(all).size).toBe(5)
  })
})
