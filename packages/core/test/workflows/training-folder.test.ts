import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { jobFolder, type PlannedJob } from '#internal/workflows/training/train-settings.js'
import { openTraining } from '#internal/workflows/training/training-folder.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-training-folder-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

// What it says is of no matter here: it is written down as it is.
const wanted = { job: { seed: 1 }, plan: { threads: 1 } } as unknown as PlannedJob

describe('a training that fails before its first checkpoint', () => {
  const begun = (name: string) => openTraining(join(folder, 'models', name), wanted, { folder })

  it('leaves nothing of what it made', async () => {
    const training = await begun('a')
    expect(await readdir(join(folder, 'models', 'a'))).toEqual(['local'])
    await training.discardIfEmpty()
    training.close()
    expect(await readdir(folder)).toEqual([])
  })

  it('leaves what others have put beside it meanwhile', async () => {
    const training = await begun('a')
    await mkdir(join(folder, 'models', 'b'))
    await writeFile(join(folder, 'models', 'b', 'model.json'), '{}')
    await training.discardIfEmpty()
    training.close()
    expect(await readdir(join(folder, 'models'))).toEqual(['b'])
  })

  it('leaves the folder when it has come as far as a checkpoint', async () => {
    const training = await begun('a')
    const out = jobFolder(join(folder, 'models', 'a'))
    await mkdir(out, { recursive: true })
    await writeFile(join(out, 'checkpoint.safetensors'), '')
    await training.discardIfEmpty()
    training.close()
    expect(await readdir(join(folder, 'models'))).toEqual(['a'])
  })
})
