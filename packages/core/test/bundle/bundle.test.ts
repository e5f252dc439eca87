import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { namedArchitecture } from '@mnas/core/architecture'
import {
  bundleChartsFolder,
  bundleExportsFolder,
  bundleNameOf,
  bundleWeightsPath,
  loadBundleWeights,
  type ModelBundle,
  readBundle,
  writeBundle,
} from '@mnas/core/bundle'
import type { Tensors } from '@mnas/core/contracts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-bundle-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const architecture = namedArchitecture('mnasnet-small')
const bundle: ModelBundle = {
  version: 1,
  name: 'photos',
  architecture,
  task: architecture.task,
  labels: ['glass', 'paper'],
  preprocessing: {
    fit: { kind: 'crop', fraction: 0.875 },
    mean: [127.5, 127.5, 127.5],
    std: [127.5, 127.5, 127.5],
    exif: 'applied',
  },
  metrics: { top1: 0.5, 'perClass.glass': 0.25 },
  weights: 'average',
  provenance: { seed: 1, data: { fingerprint: 'abc' } },
}
const weightsOf = (value: number): Tensors => ({ 'a.kernel': { dtype: 'float32', shape: [1], data: Float32Array.of(value) } })

describe('writeBundle', () => {
  it('writes what readBundle and loadBundleWeights read, without leftovers', async () => {
    const path = join(folder, 'models', 'photos')
    await writeBundle(path, bundle, weightsOf(1))
    expect(await readBundle(path)).toEqual(bundle)
    expect(await loadBundleWeights(path)).toEqual(weightsOf(1))
    expect(await readdir(join(folder, 'models'))).toEqual(['photos'])
    expect((await readdir(path)).sort()).toEqual(['exports', 'model.json', 'weights.safetensors'])
  })

  it('takes away what was begun of a new bundle a day ago by a process that was killed', async () => {
    await mkdir(join(folder, 'photos.0123abcd.tmp', 'exports'), { recursive: true })
    await utimes(join(folder, 'photos.0123abcd.tmp'), 0, 0)
    await writeBundle(join(folder, 'photos'), bundle, weightsOf(1))
    expect(await readdir(folder)).toEqual(['photos'])
  })

  it('keeps local/ of a folder that exists, and drops exports and pictures only when the weights are new', async () => {
    const path = join(folder, 'photos')
    await mkdir(join(path, 'local'), { recursive: true })
    await writeFile(join(path, 'local', 'data.json'), '{}')
    await writeBundle(path, bundle, weightsOf(1))
    const file = join(bundleExportsFolder(path), 'model.tflite')
    await writeFile(file, 'x')
    await mkdir(bundleChartsFolder(path))
    await writeBundle(path, bundle, weightsOf(1))
    expect(await readFile(file, 'utf8')).toBe('x')
    expect(await readdir(path)).toContain('charts')
    const told = { ...bundle, provenance: { ...bundle.provenance, mnas: '9.9.9' } }
    await writeBundle(path, told, weightsOf(1))
    expect(await readBundle(path)).toEqual(told)
    expect(await readFile(file, 'utf8')).toBe('x')
    await writeBundle(path, { ...bundle, labels: ['paper', 'glass'] }, weightsOf(1))
    expect(await readdir(bundleExportsFolder(path))).toEqual([])
    await mkdir(bundleChartsFolder(path))
    await writeBundle(path, bundle, weightsOf(2))
    expect(await readdir(path)).not.toContain('charts')
    expect(await readdir(bundleExportsFolder(path))).toEqual([])
    expect(await loadBundleWeights(path)).toEqual(weightsOf(2))
    expect(await readdir(join(path, 'local'))).toEqual(['data.json'])
  })

  it('leaves nothing where it cannot write', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(writeBundle(join(folder, 'file', 'photos'), bundle, weightsOf(1))).rejects.toMatchObject({
      code: 'MNAS_FILE_WRITE',
      exitCode: 3,
    })
    expect(await readdir(folder)).toEqual(['file'])
  })

  it('leaves no folder half-written when the weights cannot be serialised', async () => {
    const wrong: Tensors = { a: { dtype: 'float32', shape: [9], data: Float32Array.of(1) } }
    await expect(writeBundle(join(folder, 'photos'), bundle, wrong)).rejects.toMatchObject({ code: 'MNAS_INTERNAL' })
    expect(await readdir(folder)).toEqual([])
  })
})

describe('readBundle', () => {
  it.each([
    ['no JSON', '{', 'MNAS_BUNDLE_CORRUPT', 'the whole file'],
    ['a newer version', JSON.stringify({ ...bundle, version: 2 }), 'MNAS_BUNDLE_VERSION', 'received 2'],
    ['a missing field', JSON.stringify({ ...bundle, labels: undefined }), 'MNAS_BUNDLE_CORRUPT', '"labels"'],
    ['a name that leads elsewhere', JSON.stringify({ ...bundle, name: '../../x' }), 'MNAS_BUNDLE_CORRUPT', 'without slashes'],
    ['one that does so on Windows', JSON.stringify({ ...bundle, name: '..\\x' }), 'MNAS_BUNDLE_CORRUPT', '"name"'],
    ['a name of two lines', JSON.stringify({ ...bundle, name: 'a\nb' }), 'MNAS_BUNDLE_CORRUPT', '"name"'],
    ['an unknown field', JSON.stringify({ ...bundle, lables: [] }), 'MNAS_BUNDLE_CORRUPT', 'lables'],
    [
      'a crop above 1',
      JSON.stringify({ ...bundle, preprocessing: { ...bundle.preprocessing, fit: { kind: 'crop', fraction: 2 } } }),
      'MNAS_BUNDLE_CORRUPT',
      'preprocessing.fit.fraction',
    ],
    [
      'a wrong architecture',
      JSON.stringify({ ...bundle, architecture: { ...architecture, padding: 'x' } }),
      'MNAS_ARCHITECTURE_FIELD',
      'padding',
    ],
  ])('refuses %s in one line that names the field', async (_what, text, code, part) => {
    await writeFile(join(folder, 'model.json'), text)
    const failure = await readBundle(folder).catch((error) => error)
    expect(failure).toMatchObject({ code, exitCode: 3 })
    expect(failure.message).toContain(part)
    expect(failure.message).not.toContain('\n')
  })

  it('takes any other name, and every one that a folder gives', async () => {
    const ofFolders = ['models/photos/', '.', 'a\\b\nc'].map(bundleNameOf)
    for (const name of ['My photos', 'größe 2', 'a@b.c', ...ofFolders]) {
      await writeFile(join(folder, 'model.json'), JSON.stringify({ ...bundle, name }))
      expect((await readBundle(folder)).name).toBe(name)
    }
  })

  it('says that the weights are missing', async () => {
    await writeBundle(folder, bundle, weightsOf(1))
    await rm(bundleWeightsPath(folder))
    await expect(loadBundleWeights(folder)).rejects.toMatchObject({
      code: 'MNAS_FILE_MISSING',
      message: expect.stringContaining('weights.safetensors'),
    })
  })
})
