import { setTimeout as delay } from 'node:timers/promises'
import type { PostProcessingCost } from '../run/run-file.js'
import { type Rungs, rungInWords } from '../rungs/rungs.js'
import { patience } from '../start/patience.js'
import type { Proposing } from '../start/search.js'
import type { Surroundings } from '../start/search-request.js'
import type { AskedSettings } from './asked-settings.js'

/** What a run's file does not hold. */
export interface AskedParts extends Pick<Proposing, 'store' | 'measure' | 'measuredAtOnce'> {
  readonly postProcessing: PostProcessingCost | null
}

/** The search that a run's settings name. @throws MNAS_NAME_UNKNOWN for a part that is not installed here */
export async function proposingOf(settings: AskedSettings, parts: AskedParts, around: Surroundings): Promise<Proposing> {
  const { registry, reporter, signal } = around
  const [task, spaces, strategies, objectives] = await Promise.all([
    registry.get('task', settings.task.name),
    registry.get('space', settings.space),
    registry.get('strategy', settings.strategy),
    registry.get('objective', settings.objective),
  ])
  const rungs = settings.rungs ? await rungsOf(settings.rungs, settings.training, around) : null
  const { size, targetMs, latencyRangeMs: rangeMs, limits, width, seed, trials, strategyOptions, headline } = settings
  return {
    goal: {
      ...{ size, targetMs, rangeMs, limits: definedOnly(limits), width, seed, trials: trials ?? undefined },
      ...{ timeMs: undefined, patience, retrainTop: 0, device: settings.device.name },
    },
    ...{ task, taskOptions: settings.task.options, headline, spaces, strategies, strategyOptions, objectives, rungs },
    ...{ ...parts, reporter, signal },
    pause: (ms) => delay(ms, undefined, { signal }),
  }
}

async function rungsOf(
  { count, eta, policy }: NonNullable<AskedSettings['rungs']>,
  training: string,
  { registry }: Surroundings,
): Promise<Rungs> {
  const factory = await registry.get('rungPolicy', policy)
  const fidelities = Array.from({ length: count }, (_, rung) => ({ foreign: rungInWords(training, rung) }))
  return { policy: factory.create({ fidelities, eta }), count }
}

function definedOnly<T extends object>(fields: T): { readonly [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}
