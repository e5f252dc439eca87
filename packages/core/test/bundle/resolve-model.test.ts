import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { namedArchitecture, scaleArchitecture } from '@mnas/core/architecture'
import { bundleWeightsPath, type ModelBundle, requireTrained, resolveModel, writeBundle } from '@mnas/core/bundle'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-resolve-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const best = namedArchitecture('mnasnet-small')
const bundleOf = (architecture = best): ModelBundle => ({
  version: 1,
  name: 'photos',
  architecture,
  task: architecture.task,
  labels: ['a', 'b'],
  preprocessing: { fit: { kind: 'crop', fraction: 0.875 }, mean: [0, 0, 0], std: [1, 1, 1], exif: 'applied' },
  metrics: {},
  weights: 'raw',
  provenance: {},
})

async function makeRun(name: string, withBest = true): Promise<string> {
  const path = join(folder, name)
  await mkdir(join(path, 'models'), { recursive: true })
  await writeFile(join(path, 'run.json'), '{}')
  if (withBest)
    await writeFile(
      join(path, 'best.json'),
      JSON.stringify({ version: 1, id: 'x', architecture: best, accuracy: 0.5, latencyMs: 3 }),
    )
  return path
}

describe('what resolves', () => {
  it('a bundle, with its weights', async () => {
    await writeBundle(join(folder, 'b'), bundleOf(), {})
    const model = await resolveModel(join(folder, 'b'))
    expect(model).toMatchObject({ kind: 'bundle', architecture: best, bundle: { name: 'photos' }, folder: join(folder, 'b') })
    expect(requireTrained(model).weightsPath).toBe(bundleWeightsPath(join(folder, 'b')))
  })

  it('a run: its best, which has no weights until it was trained', async () => {
    const run = await makeRun('r')
    const model = await resolveModel(run)
    expect(model).toEqual({ kind: 'run', argument: run, architecture: best, run: { folder: run, candidate: 'x' } })
    expect(() => requireTrained(model)).toThrowError(
      expect.objectContaining({
        code: 'MNAS_MODEL_UNTRAINED',
        exitCode: 3,
        message: expect.stringContaining(`mnas train ${run} --data`),
      }),
    )
  })

  it("a run: the trained bundle of its best's blocks under models/, whatever its size", async () => {
    const run = await makeRun('r')
    await writeFile(join(run, 'models', 'x.json'), JSON.stringify(best))
    await writeBundle(join(run, 'models', 'a-other'), bundleOf(namedArchitecture('mnasnet-a1')), {})
    expect((await resolveModel(run)).folder).toBeUndefined()
    await writeBundle(join(run, 'models', 'photos'), bundleOf(scaleArchitecture(best, { inputSize: 96 })), {})
    const model = requireTrained(await resolveModel(run))
    expect(model).toMatchObject({ kind: 'run', folder: join(run, 'models', 'photos'), architecture: { input: { size: 96 } } })
  })

  it('an architecture file and a name with a width', async () => {
    const path = join(folder, 'mine.json')
    await writeFile(path, JSON.stringify(best))
    expect(await resolveModel(path)).toEqual({ kind: 'architecture', argument: path, architecture: best })
    expect(await resolveModel('mnasnet-a1@0.5')).toMatchObject({
      kind: 'architecture',
      architecture: namedArchitecture('mnasnet-a1@0.5'),
    })
    expect(() => requireTrained({ kind: 'architecture', argument: 'mnasnet-a1', architecture: best })).toThrow(/has no weights/)
  })
})

describe('what does not', () => {
  it.each([
    ['a name, with the nearest', 'mnasnet-a2', 'MNAS_ARCHITECTURE_UNKNOWN', 'Did you mean "mnasnet-a1"?'],
    ['a path', './nothing/there', 'MNAS_FILE_MISSING', './nothing/there'],
    ['a .json file', 'nothing.json', 'MNAS_FILE_MISSING', 'nothing.json'],
  ])('%s that is not there', async (_what, argument, code, part) => {
    await expect(resolveModel(argument)).rejects.toMatchObject({ code, exitCode: 3, message: expect.stringContaining(part) })
  })

  it('a folder that is neither bundle nor run, and one whose training has not ended', async () => {
    await expect(resolveModel(folder)).rejects.toMatchObject({
      code: 'MNAS_MODEL_FOLDER',
      message: expect.stringContaining('holds neither'),
    })
    await mkdir(join(folder, 'local'))
    await writeFile(join(folder, 'local', 'training.json'), '{}')
    await expect(resolveModel(folder)).rejects.toThrow(/training has not ended/)
  })

  it('a run without a trained candidate', async () => {
    await expect(resolveModel(await makeRun('r', false))).rejects.toMatchObject({ code: 'MNAS_MODEL_RUN_EMPTY' })
  })

  it.each([
    ['photo.jpg', 'x', 'MNAS_MODEL_FILE', 'does not end in .json'],
    ['broken.json', '{', 'MNAS_MODEL_FILE', 'it is not JSON'],
    ['wrong.json', JSON.stringify({ ...best, blocks: [] }), 'MNAS_ARCHITECTURE_FIELD', 'blocks'],
  ])('the file %s', async (name, text, code, part) => {
    await writeFile(join(folder, name), text)
    await expect(resolveModel(join(folder, name))).rejects.toMatchObject({
      code,
      exitCode: 3,
      message: expect.stringContaining(part),
    })
  })
})
