import type { Architecture } from '@mnas/core/architecture'
import type { Hash, JsonObject, Metrics, QuantizedQuality } from '@mnas/core/contracts'
import { hashJson } from '@mnas/core/files'
import { settingsDifferences } from '@mnas/core/storage'
import { searchErrors } from '../errors.js'
import { architectureOf } from '../results/search-results.js'
import { pages } from '../run/pages.js'
import type { RunReader } from '../run/records.js'
import { openRun } from '../run/run-folder.js'

/** Another run that trained what this search would train. */
export interface EarlierRun {
  readonly folder: string
  /** Which run it is: a resumed search has to name the same one, which may have gone on meanwhile. */
  readonly identity: Hash
  /** In the order in which they were asked. */
  trained(): Promise<readonly EarlierNetwork[]>
}

export interface EarlierNetwork {
  readonly architecture: Architecture
  readonly metrics: Metrics
  /** As the file that it was to be there; null: nobody looked, or files here have another format. */
  readonly quantized: QuantizedQuality | null
}

/** What a training comes to follows from these settings and the network; the device, the target and the strategy have no part in it. */
const decisive = ['task', 'data', 'recipe', 'proxy', 'headline'] as const

/** @param settings of the search that is to be told. @throws MNAS_SEARCH_FROM, MNAS_RUN_MISSING, MNAS_RUN_CORRUPT, MNAS_RUN_VERSION */
export async function openEarlierRun(folder: string, settings: JsonObject): Promise<EarlierRun> {
  const { run, store } = await openRun(folder)
  store.close()
  const part = (all: JsonObject): JsonObject => Object.fromEntries(decisive.map((name) => [name, all[name] ?? null]))
  const differences = settingsDifferences(part(run.settings), part(settings))
  if (differences.length > 0) throw searchErrors.MNAS_SEARCH_FROM({ folder, differences })
  const identity = hashJson({ createdAt: run.createdAt, settings: run.settings })
  const sameFiles = formatOf(run.settings) === formatOf(settings)
  return {
    folder,
    identity,
    async trained() {
      const opened = await openRun(folder)
      try {
        return [...trainedOf(opened.store, sameFiles)]
      } finally {
        opened.store.close()
      }
    },
  }
}

/** Of the files that are timed. */
const formatOf = ({ exporter }: JsonObject): unknown => (exporter as JsonObject | undefined)?.['format']

function* trainedOf(store: RunReader, sameFiles: boolean): Generator<EarlierNetwork> {
  for (const page of pages(
    (after) => store.trials({ after }),
    ({ id }) => id,
  ))
    for (const { id, outcome } of page) {
      if (outcome?.status !== 'completed') continue
      const { metrics, quantized = null } = outcome.estimate
      yield { architecture: architectureOf(store, id), metrics, quantized: sameFiles ? quantized : null }
    }
}
