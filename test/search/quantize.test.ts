import { join } from 'node:path'
import { openRun } from '@mnas/plugin-search'
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

const search = (...words: string[]) =>
  mnas(
    [
      ...['search', '--data', 'pictures', '--device', 'replay', '--size', '32', '--width', '0.35', '--proxy-epochs', '1'],
      ...['--threads', '1', '--workers', '0', '--target-latency', '100ms', '--trials', '1', '--out', 'run', '--json', ...words],
    ],
    { cwd: temporary.path, env: { MNAS_CACHE_FOLDER: join(temporary.path, 'cache'), MNAS_PROGRESS: 'none' } },
  )

describe('mnas search --quantize', () => {
  it('times files in the precision that will be deployed, and goes on with no other', async () => {
    const { exitCode, stderr, json } = await search('--quantize', 'int8')
    expect(exitCode, stderr).toBe(0)
    expect(json()['best']).toEqual(expect.any(String))
    const { store } = await openRun(join(temporary.path, 'run'))
    const timed = store.trials().flatMap(({ facts }) => (facts.sizeBytes === null ? [] : [facts]))
    store.close()
    expect(timed.length).toBeGreaterThan(0)
    // A byte for each weight, where float32 has four.
    for (const { sizeBytes, costs } of timed) expect(sizeBytes!).toBeLessThan(2 * costs.parameters)
    const other = await search()
    expect(other.exitCode).toBe(3)
    expect(other.json<{ error: { message: string } }>().error.message).toContain('exporter')
  })

  it('refuses a precision that there is not', async () => {
    expect((await search('--quantize', 'int4')).exitCode).toBe(2)
  })
})
