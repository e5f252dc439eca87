import { join } from 'node:path'
import type { JsonObject } from '@mnas/core/contracts'
import type { Registry } from '@mnas/core/plugins'
import classification from '@mnas/plugin-classification'
import { type Search, searchLoop } from '@mnas/plugin-search'
import mnasnet from '#internal/space/mnasnet-space.js'
import { goal, searchOf } from '../../support/made-up-search.js'
import { openNewRun } from '../../support/temporary-runs.js'

/** As much of the plug-ins as a report asks for. */
export const registry = {
  manifests: [],
  get: async (kind: string) => (kind === 'task' ? classification : mnasnet),
} as unknown as Registry

export const settings: JsonObject = {
  headline: { name: 'top1', label: 'top-1', percent: true },
  space: 'mnasnet',
  width: 'auto',
  strategy: 'evolution',
  objective: 'hard',
  size: goal.size,
  targetMs: goal.targetMs,
  device: { name: 'test' },
}

/** A search of made-up trials, recorded in a folder. @returns that folder */
export async function reportedRun(
  folder: string,
  name: string,
  changes: JsonObject = {},
  trials = 8,
  parts: Partial<Search> = {},
): Promise<string> {
  const run = join(folder, name)
  const store = await openNewRun(run, { ...settings, ...changes })
  try {
    if (trials > 0) await searchLoop(searchOf(store, { goal: { ...goal, width: 0.5, trials }, ...parts }))
  } finally {
    store.close()
  }
  return run
}
