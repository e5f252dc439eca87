import type { EntryFile } from '@mnas/plugin-zoo'
import { describe, expect, it } from 'vitest'
import { routesOf } from '../src/try/routes.js'
import { readBundle } from '../src/try/worker/read-bundle.js'

const file = (path: string, role: EntryFile['role'], format?: string): EntryFile => ({
  ...{ path, role, sha256: path.padEnd(64, '0').slice(0, 64), sizeBytes: 10 },
  ...(format && { format, precision: 'float32' }),
})
const bundle = file('model.json', 'model')

describe('ways to run an entry in a browser', () => {
  it('are its graph models with their weights, then its .tflite files; never a program that lies beside them', () => {
    const folder = 'exports/x.tfjs/'
    const files = [
      ...[bundle, file('exports/x.tflite', 'export', 'tflite')],
      ...['model.json', 'group1-shard1of1.bin', 'postprocess.js'].map((name) => file(`${folder}${name}`, 'export', 'tfjs')),
    ]
    const routes = routesOf({ files }, (key) => `here/${key}`)
    expect(routes.map(({ runtime }) => runtime)).toEqual(['tfjs', 'litert'])
    expect(routes[0]!.source.files.map(({ path }) => path)).toEqual([`${folder}model.json`, `${folder}group1-shard1of1.bin`])
    expect(routes[0]!.source.bundle.url).toMatch(/^here\/blobs\//)
  })

  it('are none without a bundle', () => {
    expect(routesOf({ files: [file('exports/x.tflite', 'export', 'tflite')] }, String)).toEqual([])
  })
})

describe('model.json of a bundle', () => {
  const good = {
    ...{ version: 1, task: { name: 'classification' }, labels: ['a'], architecture: { input: { size: 96 } } },
    preprocessing: { fit: { kind: 'crop', fraction: 0.875 }, mean: [1, 2, 3], std: [1, 1, 1], exif: 'applied' },
  }
  const read = (json: unknown) => readBundle(new TextEncoder().encode(JSON.stringify(json)))

  it('says how a photo becomes an input', () => {
    expect(read(good)).toEqual({ side: 96, labels: ['a'], preprocessing: good.preprocessing })
  })

  it.each([
    ['version 2', { ...good, version: 2 }],
    ['a detector', { ...good, task: { name: 'detection' } }],
    ['a side that no memory holds', { ...good, architecture: { input: { size: 1e6 } } }],
    ['no labels', { ...good, labels: [1] }],
    ['a crop of nothing', { ...good, preprocessing: { ...good.preprocessing, fit: { kind: 'crop', fraction: 0 } } }],
    ['a mean of two', { ...good, preprocessing: { ...good.preprocessing, mean: [1, 2] } }],
    ['null', null],
  ])('is refused with a code: %s', (_, json) => {
    expect(() => read(json)).toThrow(expect.objectContaining({ code: 'MNAS_PAGE_MODEL' }))
  })
})
