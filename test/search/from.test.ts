import { join } from 'node:path'
import { openRun } from '@mnas/plugin-search'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let temporary: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  temporary = await temporaryFolder('from')
  await smallPictures(join(temporary.path, 'pictures'))
})
afterAll(() => temporary.remove())

const search = async (out: string, ...words: string[]) => {
  const same = ['--data', 'pictures', '--size', '32', '--width', '0.35', '--proxy-epochs', '1', '--retrain-top', '0', '--json']
  const env = { MNAS_CACHE_FOLDER: join(temporary.path, 'cache'), MNAS_PROGRESS: 'plain' }
  const how = ['--device', 'replay', '--threads', '1', '--workers', '0', '--out', out]
  const ended = await mnas(['search', ...same, ...how, ...words], { cwd: temporary.path, env })
  expect(ended.exitCode, ended.stderr).toBe(0)
  return ended
}

describe('mnas search --from a run of another device', () => {
  // That the model proposes from the first network on takes six known trainings: packages/plugin-search/test/earlier, with made-up ones.
  it('knows its trainings and trains none of them again', async () => {
    const earlier = await search('earlier', '--target-latency', '6ms', '--trials', '2')
    expect(earlier.json<{ counts: object }>().counts).not.toHaveProperty('transferred')
    // Twice as slow: other latencies, the same accuracies.
    const other = ['--option', 'factor=2', '--target-latency', '11ms', '--trials', '1']
    const told = await search('told', ...other, '--from', 'earlier')
    expect(told.json()).toMatchObject({ counts: { completed: 1, transferred: 2, failed: 0 } })
    expect(told.stderr).toMatch(/2 trained networks of ".*earlier" are known/)
    const { store } = await openRun(join(temporary.path, 'told'))
    const asked = store.trials().filter(({ proposal }) => proposal !== null)
    const known = store.trials().filter(({ proposal }) => proposal === null)
    store.close()
    expect([asked.length, known.length]).toEqual([1, 2])
    expect(known.map(({ candidate }) => candidate)).not.toContain(asked[0]!.candidate)
  })
})
