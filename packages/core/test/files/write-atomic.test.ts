import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeTemporaries, writeAtomic } from '@mnas/core/files'
import { saveCheckpoint } from '@mnas/core/training'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-files-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true, force: true })
})

/** From now on the disk is full: what every write to a file ends in. Half of the bytes still get there. */
async function fillDisk(): Promise<void> {
  const handle = await open(join(folder, 'probe'), 'w')
  const prototype = Object.getPrototypeOf(handle) as typeof handle
  await handle.close()
  await rm(join(folder, 'probe'))
  vi.spyOn(prototype, 'writeFile').mockImplementation(async function (this: typeof handle, data) {
    const bytes = Buffer.from(data as Uint8Array)
    await this.write(bytes, 0, bytes.length >> 1)
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  })
}

const allIn = (path: string) => readdir(path, { recursive: true })

describe('writeAtomic', () => {
  it('makes missing folders and replaces what was there', async () => {
    const path = join(folder, 'a', 'b', 'file.json')
    await writeAtomic(path, 'old')
    await writeAtomic(path, 'new')
    expect(await readFile(path, 'utf8')).toBe('new')
    expect(await allIn(join(folder, 'a'))).toEqual(['b', join('b', 'file.json')])
  })

  it('names a full disk, keeps the old file and leaves no other', async () => {
    const path = join(folder, 'file.json')
    await writeAtomic(path, 'old')
    await fillDisk()
    await expect(writeAtomic(path, 'something longer')).rejects.toMatchObject({
      code: 'MNAS_FILE_WRITE',
      exitCode: 3,
      message: expect.stringContaining('no space left on the disk'),
    })
    expect(await readFile(path, 'utf8')).toBe('old')
    expect(await allIn(folder)).toEqual(['file.json'])
  })

  it('takes away the folders that it made for a file which it could not write', async () => {
    await mkdir(join(folder, 'there'))
    await fillDisk()
    await expect(writeAtomic(join(folder, 'there', 'a', 'b', 'file'), 'x')).rejects.toMatchObject({ code: 'MNAS_FILE_WRITE' })
    expect(await allIn(folder)).toEqual(['there'])
  })

  it('cannot write below a file, and leaves the file alone', async () => {
    await writeFile(join(folder, 'file'), 'mine')
    const attempt = writeAtomic(join(folder, 'file', 'below', 'it'), 'x')
    await expect(attempt).rejects.toThrow(/a file stands where a folder is needed/)
    expect(await allIn(folder)).toEqual(['file'])
  })
})

describe('saveCheckpoint', () => {
  it('keeps the last checkpoint when the disk is full', async () => {
    const checkpoint = {
      job: 'job',
      plan: { engine: 'onnx', mode: 'standard', accelerator: 'cpu', threads: 1 },
      step: 1,
      next: { epoch: 0, index: 1 },
      lossSum: 2,
      best: null,
      history: [],
    } as const
    const state = { weight: { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) } } as const
    await saveCheckpoint(folder, checkpoint, state)
    const before = await readFile(join(folder, 'checkpoint.safetensors'))
    await fillDisk()
    await expect(saveCheckpoint(folder, { ...checkpoint, step: 2 }, state)).rejects.toMatchObject({ code: 'MNAS_FILE_WRITE' })
    expect(await readFile(join(folder, 'checkpoint.safetensors'))).toEqual(before)
    expect(await allIn(folder)).toEqual(['checkpoint.safetensors'])
  })
})

describe('removeTemporaries', () => {
  it('removes what a killed writer left and nothing else', async () => {
    for (const name of ['model.json', 'model.json.0a1b2c3d.tmp', 'notes.tmp']) await writeFile(join(folder, name), '')
    await mkdir(join(folder, 'bundle.deadbeef.tmp'))
    await removeTemporaries(folder)
    expect((await readdir(folder)).sort()).toEqual(['model.json', 'notes.tmp'])
  })

  it('has nothing to do where no folder is', async () => {
    await removeTemporaries(join(folder, 'none'))
    expect(await readdir(folder)).toEqual([])
  })
})
