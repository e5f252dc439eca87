import { deviceOptionsFlag, MnasCommand, settingFlags } from '@mnas/core/cli'
import { Args, Flags } from '@oclif/core'
import type { SearchLatencyAnswer } from '../../answers/index.js'
import type { LatencyRequest } from '../../comparison/compare-latencies.js'

export default class SearchLatency extends MnasCommand {
  static override summary = "How well a run's latency model foretells: predictions against measurements."
  static override description =
    `Of a run: every network that it has measured in full, each foretold by what was learned of the others; nothing is measured.
With --unseen: random networks near the target that the run has not looked at. With --run: MODELs, in the task and at the size of that run.
Both are measured now, on the run's device unless --device names another (a run of "mnas search new" keeps its --option as well).
Where that is not how the run measured its own, a warning says what differs.
A network marked "beyond" is faster than foretold by more than the margin: a search may have dropped it unmeasured.`
  static override examples = [
    '<%= config.bin %> search latency runs/photos',
    '<%= config.bin %> search latency runs/photos --unseen 20 --json',
    '<%= config.bin %> search latency mobilenet-v2 mnasnet-a1@0.5 --run runs/photos',
  ]
  static override strict = false
  static override args = {
    run: Args.string({ required: true, description: 'folder of a run; with --run: MODELs, as many as are wanted' }),
  }
  static override flags = {
    run: Flags.string({ summary: 'the run whose latency model foretells MODELs', helpValue: '<run>' }),
    unseen: Flags.integer({ min: 1, max: 200, summary: 'measure so many networks that the run has not looked at' }),
    option: deviceOptionsFlag(),
    ...settingFlags('device', 'cacheFolder'),
  }

  async run(): Promise<SearchLatencyAnswer> {
    const { argv, flags } = await this.parse(SearchLatency)
    const { compareLatencies } = await import('../../comparison/compare-latencies.js')
    const { formatComparison } = await import('../../results/format-latencies.js')
    const said = await requestOf(argv.map(String), flags)
    const settings = await this.settings(flags)
    const models: string[] = []
    for (const model of said.models) models.push(await this.localModel(model, settings))
    const request = { ...said, models }
    const registry = await this.registry()
    const { reporter } = this
    const comparison = await this.interruptible((signal) => compareLatencies(request, { registry, settings, reporter, signal }))
    reporter.close()
    for (const line of formatComparison(comparison)) this.log(line)
    return { version: 1, run: request.run, ...comparison }
  }
}

interface Flagged {
  readonly run?: string | undefined
  readonly unseen?: number | undefined
  readonly device?: string | undefined
  readonly option: readonly string[]
}

/** @throws MNAS_SEARCH_LATENCY_MODEL */
async function requestOf(words: readonly string[], { run, unseen = 0, device, option }: Flagged): Promise<LatencyRequest> {
  const how = { unseen, device, deviceOptions: option }
  if (run !== undefined) return { run, models: words, ...how }
  const [only, ...others] = words
  if (only !== undefined && others.length === 0) return { run: only, models: [], ...how }
  const { searchErrors } = await import('../../errors.js')
  throw searchErrors.MNAS_SEARCH_LATENCY_MODEL({ received: `"${words.join(' ')}" without --run` })
}
