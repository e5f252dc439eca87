import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createReporter } from '@mnas/core/events'
import { hashJson } from '@mnas/core/files'
import classification from '@mnas/plugin-classification'
import { leaseRun } from '@mnas/plugin-search'
import { afterEach, beforeEach } from 'vitest'
import type { AskedSettings } from '#internal/asked/asked-settings.js'
import { type FoundWork, findWork, type Work, type WorkRequest } from '#internal/asked/find-work.js'
import { withAskedRun } from '#internal/asked/open-asked-run.js'
import { proposingOf } from '#internal/asked/proposing-of.js'
import { startAsked } from '#internal/asked/start-asked.js'
import { type Tale, tellOutcome } from '#internal/asked/tell-outcome.js'
import hard from '#internal/objectives/hard-objective.js'
import halving from '#internal/rungs/halving-policy.js'
import mnasnet from '#internal/space/mnasnet-space.js'
import type { Proposing } from '#internal/start/search.js'
import { startSearch } from '#internal/start/start-search.js'
import evolution from '#internal/strategies/evolution-strategy.js'
import { device } from './made-up-search.js'

export const askedSettings: AskedSettings = {
  task: { name: 'classification', options: { classes: 4, dropout: 0.2 } },
  headline: { name: 'top1', label: 'top-1', percent: true },
  size: 64,
  targetMs: 1.2,
  latencyRangeMs: null,
  limits: {},
  width: 0.35,
  space: 'mnasnet',
  strategy: 'evolution',
  strategyOptions: {},
  objective: 'hard',
  seed: 3,
  trials: 20,
  training: 'made up',
  exporter: { format: 'tflite', version: '1', precision: 'float32' },
  device: { name: 'test', fingerprint: hashJson('formula'), runtime: {}, flags: {} },
}

const parts: Readonly<Record<string, unknown>> = { classification, mnasnet, evolution, hard, halving }
const around = {
  registry: { get: async (_: string, name: string) => parts[name] },
  settings: {},
  reporter: createReporter('silent'),
  signal: new AbortController().signal,
} as unknown as Parameters<typeof proposingOf>[2]

/** A run to be asked and told in this process, its candidates timed by a made-up device. Each test has its own folder. */
export function askedRun(changes: Partial<AskedSettings> = {}) {
  const settings = { ...askedSettings, ...changes }
  let folder = ''
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'mnas-asked-')), 'run')
  })
  afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }))
  const request = { count: 1, leaseMs: 1000, worker: 'w' }
  const find = (wanted: Partial<WorkRequest>, now: number | (() => number), measure: Proposing['measure']): Promise<FoundWork> =>
    withAskedRun(folder, 'ask', async (run) => {
      const started = await startAsked(run, around)
      const clock = typeof now === 'number' ? () => now : now
      return findWork({ ...started, measure, pause: async () => undefined }, { ...request, ...wanted }, clock)
    })
  return {
    folder: () => folder,
    /** Empty: no first measurements. */
    async make(kind = 'asked'): Promise<void> {
      const leased = await leaseRun(folder)
      const plan = { device: 'test', deviceOptions: [] }
      const own = JSON.parse(JSON.stringify(settings))
      const run = { version: 1, kind, createdAt: '', settings: own, plan, versions: {} } as const
      const store = await leased.create(run, 'several-computers')
      store.close()
    },
    async begin(): Promise<void> {
      const store = await (await leaseRun(folder)).resume(JSON.parse(JSON.stringify(settings)))
      const timing = { store, measure: device().measure, measuredAtOnce: 1, postProcessing: null }
      await startSearch(await proposingOf(settings, timing, around))
      store.close()
    },
    ask: async (
      wanted: Partial<WorkRequest> = {},
      now: number | (() => number) = 0,
      measure: Proposing['measure'] = device().measure,
    ): Promise<readonly Work[]> => (await find(wanted, now, measure)).work,
    /** Why there is no more to be asked for. */
    shortage: async (wanted: Partial<WorkRequest> = {}) => (await find(wanted, 0, device().measure)).shortage,
    tell: (trial: number, tale: Tale, now = 0) => tellOutcome(folder, trial, tale, around, () => now),
  }
}
