import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { namedArchitecture } from '@mnas/core/architecture'
import { type ModelBundle, type RunFront, readRunFront, runFrontPath, type TrainedModel, writeBundle } from '@mnas/core/bundle'
import { jsonText, writeAtomic } from '@mnas/core/files'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keepFront, lineageOfTraining } from '#internal/workflows/training/lineage-of-training.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-lineage-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const architecture = namedArchitecture('mnasnet-small')
const candidate = '0123456789ab'
const front: RunFront = {
  ...{ version: 1, run: 'a'.repeat(64), space: 'mnasnet', strategy: 'model', objective: 'hard', targetMs: 5 },
  ...{ trials: 9, trained: 4, seed: 1, device: 'host', metric: 'top1' },
  candidates: [{ id: candidate, accuracy: 0.7, latencyMs: 4, parameters: 10, macs: 20, sizeBytes: null }],
}

function modelOf(name: string, provenance: ModelBundle['provenance']): TrainedModel {
  const bundle: ModelBundle = {
    ...{ version: 1, name, architecture, task: architecture.task, labels: ['a', 'b'], metrics: {}, weights: 'raw', provenance },
    preprocessing: { fit: { kind: 'stretch' }, mean: [0, 0, 0], std: [1, 1, 1], exif: 'applied' },
  }
  return { kind: 'bundle', argument: name, architecture, bundle, folder: join(folder, name), weightsPath: '' }
}
const from = (model: TrainedModel) => ({ out: join(folder, 'out'), start: { kind: 'init', model, frozen: [] } as const })

describe('what came before a training', () => {
  it('is nothing from scratch', async () => {
    expect(await lineageOfTraining({ out: join(folder, 'out') })).toEqual({ provenance: {}, front: null })
  })

  it('is the search of its run, as it stood when the bundle was made', async () => {
    const [run, out] = [join(folder, 'run'), join(folder, 'out')]
    await writeAtomic(runFrontPath(run), jsonText(front))
    const request = { out, run: { folder: run, candidate } }
    const found = await lineageOfTraining(request)
    expect(found.provenance).toMatchObject({ search: { run: front.run, trials: 9, candidate } })
    expect(found.provenance['search']).not.toHaveProperty('candidates')
    await keepFront(out, found.front)
    expect((await readRunFront(out))?.front).toEqual(front)
    await writeBundle(out, modelOf('out', found.provenance).bundle, {})
    await writeAtomic(runFrontPath(run), jsonText({ ...front, trials: 12 }))
    expect(await lineageOfTraining(request)).toEqual(found)
    await keepFront(out, null)
    expect(await readRunFront(out)).toBeNull()
  })

  it('is the model that it began with, and where that came from', async () => {
    const imported = modelOf('a1', { import: { from: 'timm', file: 'a1.safetensors', sha256: 'b'.repeat(64) } })
    expect((await lineageOfTraining(from(imported))).provenance).toEqual({
      parent: { name: 'a1', import: imported.bundle.provenance['import'] },
    })
    const child = modelOf('photos', { parent: { name: 'a1', import: { from: 'timm' } } })
    expect((await lineageOfTraining(from(child))).provenance).toEqual({
      parent: { name: 'photos', parent: child.bundle.provenance['parent'] },
    })
  })

  it('is of a continued training what was before it', async () => {
    const model = modelOf('photos', { parent: { name: 'a1' } })
    const request = { out: join(folder, 'out'), start: { kind: 'continue', model } as const }
    expect((await lineageOfTraining(request)).provenance).toEqual({ parent: { name: 'a1' } })
  })

  it('names a front that is none', async () => {
    const run = join(folder, 'run')
    await writeAtomic(runFrontPath(run), '{"version": 1}')
    const request = { out: join(folder, 'out'), run: { folder: run, candidate } }
    await expect(lineageOfTraining(request)).rejects.toMatchObject({ code: 'MNAS_BUNDLE_CORRUPT' })
  })
})
