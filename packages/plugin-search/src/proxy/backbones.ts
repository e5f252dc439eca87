import type { Architecture } from '@mnas/core/architecture'
import type { Genome, Hash, Headline, Metrics, SpaceFactory } from '@mnas/core/contracts'
import { hashJson } from '@mnas/core/files'
import { searchErrors } from '../errors.js'
import { headlineOf } from '../results/headline-of.js'
import { architectureOf } from '../results/search-results.js'
import { openRun } from '../run/run-folder.js'
import type { SearchRequest } from '../start/search-request.js'

/** The way that takes its candidates from another run, as the paper does: what is best at one task is the backbone for another. */
export const transferName = 'transfer'

/** The front of a run, as candidates of another search. */
export interface Backbones {
  /** Of what that run learned. */
  readonly headline: Headline
  readonly space: string
  /** Canonical, the most accurate first. */
  readonly genomes: readonly Genome[]
  /** Of all that they are and were found to be. */
  readonly fingerprint: Hash
  /** What that run found of a network's blocks. @throws MNAS_SEARCH_BACKBONES for other ones */
  metricsOf(architecture: Architecture): Metrics
  /** The width at which a space makes these networks. @throws MNAS_SEARCH_BACKBONES when at none */
  widthIn(space: SpaceFactory): number
}

/** @throws MNAS_SEARCH_BACKBONES, MNAS_RUN_MISSING, MNAS_RUN_CORRUPT, MNAS_RUN_VERSION */
export async function openBackbones(folder: string, { width }: Pick<SearchRequest, 'width'>): Promise<Backbones> {
  const { run, store } = await openRun(folder)
  try {
    const headline = headlineOf(folder, run.settings)
    // The front begins with the fastest.
    const found = [...store.front()].reverse().map(({ id, genome, outcome }) => {
      return { genome, architecture: architectureOf(store, id), metrics: outcome.estimate.metrics }
    })
    if (found.length === 0) throw searchErrors.MNAS_SEARCH_NO_RESULT({ folder })
    const known = new Map(found.map(({ architecture, metrics }) => [blocksOf(architecture), metrics]))
    const refuse = (received: string) => searchErrors.MNAS_SEARCH_BACKBONES({ received })
    return {
      headline,
      space: String(run.settings['space']),
      genomes: found.map(({ genome }) => genome),
      fingerprint: hashJson(
        found.map(({ genome, architecture, metrics }) => ({ genome, blocks: blocksOf(architecture), metrics })),
      ),
      metricsOf(architecture) {
        const metrics = known.get(blocksOf(architecture))
        if (metrics) return metrics
        throw refuse(`a network that "${folder}" does not have`)
      },
      widthIn(space) {
        const [first] = found
        const candidates = [run.settings['width'], ...space.widths].filter((one) => typeof one === 'number')
        const same = candidates.find((one) => blocksOf(decoded(space, first!, one)) === blocksOf(first!.architecture))
        if (same === undefined) throw refuse(`a run of the space "${String(run.settings['space'])}"`)
        if (width !== 'auto' && width !== same) throw refuse(`--width ${width} for networks of width ${same}`)
        return same
      },
    }
  } finally {
    store.close()
  }
}

interface Found {
  readonly genome: Genome
  readonly architecture: Architecture
}

function decoded(space: SpaceFactory, { genome, architecture }: Found, width: number): Architecture {
  const { input, task } = architecture
  return space.create({ width, inputSize: input.size, task }).decode(genome)
}

/** What of a network does not depend on its task and input. */
const blocksOf = ({ stem, blocks }: Architecture): Hash => hashJson({ stem, blocks })
