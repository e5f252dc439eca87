import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DescribedFile, Exporter, Preprocessing, Task } from '@mnas/core/contracts'
import { exportsReadme, type FileFacts, writeExportsReadme } from '@mnas/core/deployment'
import { hashJson } from '@mnas/core/files'
import type { Registry } from '@mnas/core/plugins'
import { openLockFile } from '@mnas/core/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let folder: string
let cacheFolder: string
beforeEach(() => {
  ;[folder, cacheFolder] = [mkdtempSync(join(tmpdir(), 'mnas-readme-')), mkdtempSync(join(tmpdir(), 'mnas-cache-'))]
})
afterEach(() => {
  for (const path of [folder, cacheFolder]) rmSync(path, { recursive: true, force: true })
})

const preprocessing: Preprocessing = {
  ...{ fit: { kind: 'crop', fraction: 0.875 }, mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5], exif: 'applied' },
}
const image = { name: 'image', shape: [1, 96, 96, 3], dtype: 'float32', affine: null } as const

function facts(changes: Partial<FileFacts> = {}): FileFacts {
  return {
    ...{ version: 1, file: 'photos-96px.tflite', format: 'tflite', precision: 'float32', sizeBytes: 3_220_000 },
    ...{ sha256: hashJson('bytes'), structure: hashJson('structure'), graphHash: hashJson('graph') },
    inputs: [image],
    outputs: [{ name: 'probabilities', shape: [1, 2], dtype: 'float32', affine: null }],
    preprocessing,
    labels: ['cats | dogs', 'Öl'],
    model: { name: 'photos', task: 'looking', inputSize: 96, parameters: 5, macs: 7, randomWeights: false },
    ...{ recipe: null, agreement: null, latencies: [] },
    provenance: { mnas: '0.1.0', exporter: { format: 'tflite', version: '1' }, writtenAt: '2026-01-01T00:00:00Z' },
    ...changes,
  }
}

const readme = (...all: readonly FileFacts[]) => exportsReadme(all.map((one) => ({ facts: one, clients: [] })))

describe('exportsReadme', () => {
  it('says what a file takes and gives', () => {
    const text = readme(facts())
    expect(text).toContain('## `photos-96px.tflite`')
    expect(text).toContain('| `photos-96px.tflite` | float32 | 3.22 MB |')
    expect(text).toContain('| input | `image` | 1 × 96 × 96 × 3 | float32 | red, green, blue: (level − 127.5) / 127.5, −1 to 1 |')
    expect(text).toContain('| output | `probabilities` | 1 × 2 | float32 |  |')
    expect(text).toContain('the square in its middle, 0.875 of its short side, is scaled to 96 × 96')
    expect(text).toContain('```json\n["cats | dogs","Öl"]\n```')
    expect(text).not.toContain('random')
  })

  it('says how answers are made, and tells files apart that make them otherwise', () => {
    const deployment = { nms: 'fast', maxDetections: 20 }
    const text = readme(facts({ deployment }), facts({ file: 'other.tflite' }))
    expect(text).toContain('Answers: nms fast, max detections 20.')
    expect(text.match(/^## /gm)).toHaveLength(2)
  })

  it('says it by channel, with the scales of whole numbers, and for the other fits', () => {
    const affine = { scale: [0.02], zeroPoint: [-3], axis: null }
    const stretched: Preprocessing = { fit: { kind: 'stretch' }, mean: [0, 1, 2], std: [1, 2, 4], exif: 'applied' }
    const text = readme(
      facts({ inputs: [{ ...image, shape: [-1, 96, 96, 3], dtype: 'int8', affine }], preprocessing: stretched }),
    )
    expect(text).toContain('| input | `image` | any × 96 × 96 × 3 | int8 | real = 0.02 · (stored + 3); red, green, blue:')
    expect(text).toContain('(level − (0, 1, 2)) / (1, 2, 4), −0.5 to 255')
    expect(text).toContain('it is scaled to 96 × 96, whatever its shape')
    const boxed: Preprocessing = { ...stretched, fit: { kind: 'letterbox', fill: [1, 2, 3] } }
    expect(readme(facts({ preprocessing: boxed }))).toContain('a square filled with rgb(1, 2, 3)')
  })

  it('puts files of one contract into one section, others apart, and warns of random weights', () => {
    const small = facts({ file: 'photos-96px-f16.tflite', precision: 'float16' })
    const bytes = facts({ file: 'photos-96px-int8.tflite', inputs: [{ ...image, dtype: 'uint8' }] })
    const random = facts({ file: 'other.tflite', model: { ...facts().model, name: 'other', randomWeights: true } })
    const text = readme(facts(), small, bytes, random)
    expect(text.match(/^## .*$/gm)).toEqual([
      '## `photos-96px.tflite`, `photos-96px-f16.tflite`',
      '## `photos-96px-int8.tflite`',
      '## `other.tflite`',
    ])
    expect(text.match(/weights are random/g)).toHaveLength(1)
  })
})

describe('writeExportsReadme', () => {
  const asked: DescribedFile[] = []
  const task = { answers: 'classes' } as Partial<Task>
  const exporter: Partial<Exporter> = {
    format: 'tflite',
    clients(file) {
      asked.push(file)
      const title = file.answers === null ? 'A client' : `A client for ${file.answers}`
      return [{ title, text: 'In words.', language: 'kotlin', code: `load("${file.name}")` }]
    },
  }
  const registry = (kinds: readonly string[]) =>
    ({
      names: (kind: string) => (kinds.includes(kind) ? [kind === 'task' ? 'looking' : 'tflite'] : []),
      get: async (kind: string) => (kind === 'task' ? task : exporter),
    }) as unknown as Registry
  const all = registry(['task', 'exporter'])
  const put = (one: FileFacts) => {
    writeFileSync(join(folder, one.file), 'model')
    writeFileSync(join(folder, `${one.file}.json`), JSON.stringify(one))
  }
  const text = () => readFileSync(join(folder, 'README.md'), 'utf8')

  it('tells of every file in the folder, with programs of its format that know what its task answers', async () => {
    put(facts())
    put(facts({ file: 'other.tflite', labels: null }))
    writeFileSync(join(folder, 'gone.tflite.json'), JSON.stringify(facts({ file: 'gone.tflite' })))
    writeFileSync(join(folder, 'damaged.json'), '{"version": 1')
    expect(await writeExportsReadme(folder, all, cacheFolder)).toBe(true)
    expect(text().match(/^##.*$/gm)).toEqual([
      ...['## `other.tflite`', '### A client for classes'],
      ...['## `photos-96px.tflite`', '### A client for classes'],
    ])
    expect(text()).toContain('```kotlin\nload("other.tflite")\n```')
    expect(asked[0]).toMatchObject({ name: 'other.tflite', precision: 'float32', inputs: [image], labels: null, preprocessing })
  })

  it('is the same again, and tells of what is there now', async () => {
    put(facts())
    await writeExportsReadme(folder, all, cacheFolder)
    const first = text()
    await writeExportsReadme(folder, all, cacheFolder)
    expect(text()).toBe(first)
    rmSync(join(folder, 'photos-96px.tflite'))
    await writeExportsReadme(folder, all, cacheFolder)
    expect(text()).not.toContain('photos-96px')
    expect(readdirSync(folder).sort()).toEqual(['README.md', 'photos-96px.tflite.json'])
  })

  it('is written while nobody else writes down what is known of files', async () => {
    put(facts())
    const lock = openLockFile(join(cacheFolder, 'facts.db'))
    const free: boolean[] = []
    const looking = {
      names: all.names,
      async get(kind: 'task' | 'exporter', name: string) {
        free.push(lock.tryExclusive())
        lock.release()
        return all.get(kind, name)
      },
    } as unknown as Registry
    expect(await writeExportsReadme(folder, looking, cacheFolder)).toBe(true)
    expect(free).toEqual([false, false])
    expect(lock.tryExclusive()).toBe(true)
    lock.close()
  })

  it('goes without the programs of plug-ins that are not there', async () => {
    put(facts())
    await writeExportsReadme(folder, registry([]), cacheFolder)
    expect(text()).not.toContain('###')
  })

  it('leaves a README of somebody else alone', async () => {
    put(facts())
    writeFileSync(join(folder, 'README.md'), '# My project\n')
    expect(await writeExportsReadme(folder, all, cacheFolder)).toBe(false)
    expect(text()).toBe('# My project\n')
  })
})
