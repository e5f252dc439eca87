import { type Architecture, architectureHash } from '@mnas/core/architecture'
import { lower } from '@mnas/core/graph'
import { searchErrors } from '../errors.js'
import type { RunReader } from '../run/records.js'
import { randomGenomes } from '../space/random-genomes.js'
import type { SizedSpace } from '../start/calibration-networks.js'
import type { RunLatencies } from './run-latencies.js'

/** So near the target a search looks for its networks. */
const range = [0.5, 1.5] as const
const drawnAtOnce = 50
const mostDrawn = 20_000

/**
 * Random networks of the run's width that it has never looked at, with estimates from half the target to one and a half of it.
 * Always the same ones of the same run.
 * @throws MNAS_SEARCH_UNMEASURED when the run has no trial yet, MNAS_SEARCH_UNSEEN when there are too few
 */
export function unseenNetworks(
  folder: string,
  store: RunReader,
  { settings: { seed }, spaces, networks, task, model, targetMs }: RunLatencies,
  count: number,
): readonly Architecture[] {
  const { space } = widthOf(folder, spaces, networks)
  const known = new Set(networks.map(({ architecture }) => architectureHash(architecture)))
  const found = new Map<string, Architecture>()
  for (let drawn = 0; drawn < mostDrawn && found.size < count; drawn += drawnAtOnce)
    for (const genome of randomGenomes(space, drawnAtOnce, seed, `unseen ${drawn}`)) {
      const architecture = space.decode(genome)
      const hash = architectureHash(architecture)
      const { latencyMs } = model.predict(lower(architecture, task))
      const near = latencyMs >= range[0] * targetMs && latencyMs <= range[1] * targetMs
      if (near && found.size < count && !known.has(hash) && !store.trialOf(genome)) found.set(hash, architecture)
    }
  if (found.size < count) throw searchErrors.MNAS_SEARCH_UNSEEN({ expected: count, received: found.size, range, targetMs })
  return [...found.values()]
}

/** The space whose networks the trials are. @throws MNAS_SEARCH_UNMEASURED */
function widthOf(folder: string, spaces: readonly SizedSpace[], networks: RunLatencies['networks']): SizedSpace {
  const trial = networks.find(({ role }) => role === 'trial')
  const same = trial && spaces.find(({ space }) => space.encode(trial.architecture).differences.length === 0)
  if (same) return same
  throw searchErrors.MNAS_SEARCH_UNMEASURED({ folder, expected: networks.length + 1, received: networks.length })
}
