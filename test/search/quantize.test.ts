import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openRun } from '@mnas/plugin-search'
import { searchAnswer, searchShowAnswer } from '@mnas/plugin-search/answers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let temporary: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  temporary = await temporaryFolder('search-quantize')
  await smallPictures(join(temporary.path, 'pictures'))
})
afterAll(() => temporary.remove())

const place = () => ({
  cwd: temporary.path,
  env: { MNAS_CACHE_FOLDER: join(temporary.path, 'cache'), MNAS_PROGRESS: 'none' },
})
const search = (...words: string[]) =>
  mnas(
    [
      ...['search', '--data', 'pictures', '--device', 'replay', '--size', '32', '--width', '0.35', '--proxy-epochs', '1'],
      ...['--threads', '1', '--workers', '0', '--target-latency', '100ms', '--out', 'run', '--json', ...words],
    ],
    place(),
  )
const opened = async () => (await openRun(join(temporary.path, 'run'))).store

describe('mnas search --quantize', () => {
  it('times files in the precision that will be deployed, and goes on with no other', { timeout: 180_000 }, async () => {
    const { exitCode, stderr, json } = await search('--quantize', 'int8', '--trials', '1')
    expect(exitCode, stderr).toBe(0)
    expect(json()['best']).toEqual(expect.any(String))
    const store = await opened()
    const timed = store.trials().flatMap(({ facts }) => (facts.sizeBytes === null ? [] : [facts]))
    store.close()
    expect(timed.length).toBeGreaterThan(0)
    // A byte for each weight, where float32 has four.
    for (const { sizeBytes, costs } of timed) expect(sizeBytes!).toBeLessThan(2 * costs.parameters)
    const other = await search('--trials', '1')
    expect(other.exitCode).toBe(3)
    expect(other.json<{ error: { message: string } }>().error.message).toContain('exporter')
  })

  it('says beside the accuracy of each finalist what is left of it in the file, and asks none twice', async () => {
    const before = await opened()
    const known = before.events()
    before.close()
    expect(known.find(({ kind }) => kind === 'ended')).toMatchObject({ quantized: { precision: 'int8', images: 8 } })
    const { json, exitCode, stderr } = await search('--quantize', 'int8', '--trials', '1')
    expect(exitCode, stderr).toBe(0)
    const after = await opened()
    expect(after.events()).toEqual(known)
    after.close()
    const { candidates } = searchAnswer.parse(json())
    for (const { quantized, reward } of candidates) {
      expect(quantized).toMatchObject({ precision: 'int8', images: 8 })
      // A target latency rewards accuracy alone: that of the file.
      expect(reward).toBe(quantized!.accuracy)
    }
    const shown = await mnas(['search', 'show', 'run', '--json'], place())
    const { trials } = searchShowAnswer.parse(shown.json())
    for (const { id, quantized } of candidates) expect(trials.find((trial) => trial.id === id)).toMatchObject({ quantized })
    const [header] = (await mnas(['search', 'front', 'run'], place())).stdout.split('\n')
    expect(header).toMatch(/^candidate +top-1 +as int8 +latency/)
  })

  it('keeps no weights when it is done', async () => {
    const files = await readdir(join(temporary.path, 'run', 'checkpoints'), { recursive: true, withFileTypes: true })
    expect(new Set(files.filter((file) => file.isFile()).map(({ name }) => name))).toEqual(new Set(['result.json']))
  })

  it('refuses a precision that there is not', async () => {
    expect((await search('--quantize', 'int4', '--trials', '1')).exitCode).toBe(2)
  })
})
