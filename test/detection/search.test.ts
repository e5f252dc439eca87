import { join } from 'node:path'
import { openRun } from '@mnas/plugin-search'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeShapes } from '../../bench/detection/shapes.mjs'
import { mnas, startMnas } from '../support/mnas.js'
import { temporaryFolder } from '../support/temporary-folder.js'

interface Candidate {
  readonly id: string
  readonly accuracy: number
  readonly latencyMs: number
  readonly totalMs: number
  readonly architecture: { readonly task: { readonly name: string }; readonly blocks: unknown }
}
interface SearchAnswer {
  readonly best: string
  readonly postProcessing: { readonly operator: string; readonly latencyMs: number | null; readonly on: string }
  readonly candidates: readonly Candidate[]
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const environment = (cache = 'cache') => ({
  cwd: folder.path,
  env: { MNAS_CACHE_FOLDER: join(folder.path, cache), MNAS_PROGRESS: 'jsonl' },
})
const search = (out: string, ...more: string[]) => [
  ...['search', '--task', 'detection', '--data', 'shapes', '--device', 'replay', '--size', '32', '--width', '0.35'],
  ...[
    '--strategy',
    'evolution',
    '--proxy-epochs',
    '1',
    '--proxy-size',
    '32',
    '--workers',
    '0',
    '--threads',
    '1',
    '--out',
    out,
    '--json',
    ...more,
  ],
]

beforeAll(async () => {
  folder = await temporaryFolder('detection-search')
  await writeShapes(join(folder.path, 'shapes'), { train: 24, val: 4, size: 64, seed: 1 })
})
afterAll(() => folder.remove())

async function trialsOf(run: string) {
  const { run: file, store } = await openRun(join(folder.path, run))
  try {
    return { settings: file.settings, trials: store.trials(), told: store.told(), state: store.state() }
  } finally {
    store.close()
  }
}

describe('a search for a detector', () => {
  it('judges by crops, tells what runs behind the network apart, and finds a detector', async () => {
    const found = await mnas(search('whole', '--trials', '1'), environment())
    expect(found.exitCode, found.stderr).toBe(0)
    const { best, candidates, postProcessing } = found.json<SearchAnswer>()
    expect(postProcessing).toMatchObject({
      operator: 'TFLite_Detection_PostProcess',
      on: expect.stringContaining('σ(N(−5, 1.5))'),
    })
    for (const { latencyMs, totalMs, architecture } of candidates) {
      expect(totalMs).toBe(latencyMs + postProcessing.latencyMs!)
      expect(architecture.task.name).toBe('detection')
    }
    expect(candidates.map(({ id }) => id)).toContain(best)
    expect((await trialsOf('whole')).settings['proxy']).toMatchObject({ way: 'crops', task: { name: 'classification' } })
  })

  it('ends the same after kill -9, its crops cut anew elsewhere', async () => {
    const killed = startMnas(search('killed', '--trials', '1'), environment('other-cache'))
    await killed.says(/calibration/)
    killed.kill('SIGKILL')
    await killed.ended
    const resumed = await mnas(search('killed', '--trials', '1'), environment('other-cache'))
    expect(resumed.exitCode, resumed.stderr).toBe(0)
    expect(await trialsOf('killed')).toEqual(await trialsOf('whole'))
  })

  it('takes the winners of another run as backbones, and trains nothing', async () => {
    const { stdout, exitCode, stderr } = await mnas(search('transfer', '--backbones', 'whole'), environment())
    expect(exitCode, stderr).toBe(0)
    const [before, after] = [await trialsOf('whole'), JSON.parse(stdout) as SearchAnswer]
    const known = before.trials.flatMap(({ outcome }) =>
      outcome?.status === 'completed' ? [outcome.estimate.metrics['top1']] : [],
    )
    for (const { accuracy } of after.candidates) expect(known).toContain(accuracy)
    const { settings } = await trialsOf('transfer')
    expect(settings['headline']).toMatchObject({ name: 'top1', label: 'top-1 (crops) (transfer)' })
    const refused = await mnas(search('x', '--proxy', 'transfer'), environment())
    expect(refused.exitCode).toBe(2)
    expect(refused.json()).toMatchObject({ error: { code: 'MNAS_SEARCH_BACKBONES' } })
  })

  it('trains the detector itself where that is asked for', async () => {
    const found = await mnas(search('itself', '--trials', '1', '--proxy', 'detection'), environment())
    expect(found.exitCode, found.stderr).toBe(0)
    const [{ accuracy }] = found.json<{ candidates: readonly [Candidate] }>().candidates
    expect(accuracy).toBeGreaterThan(0)
    const shown = await mnas(['search', 'front', 'itself'], environment())
    expect(shown.stdout).toContain('early mAP50 (detection)')
    expect(shown.stdout).toContain('with operator')
  })

  it('names a way that the task does not know', async () => {
    const { exitCode, stdout } = await mnas(search('x', '--proxy', 'crop'), environment())
    expect(exitCode).toBe(2)
    expect(JSON.parse(stdout).error.message).toContain('Did you mean "crops"?')
  })
})
