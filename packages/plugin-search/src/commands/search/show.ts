import { MnasCommand } from '@mnas/core/cli'
import { Args, Flags } from '@oclif/core'
import type { SearchShowAnswer } from '../../answers/index.js'

export default class SearchShow extends MnasCommand {
  static override summary = 'A run: its settings, every candidate and how it ended. Also while the search is going on.'
  static override examples = ['<%= config.bin %> search show runs/photos', '<%= config.bin %> search show runs/photos --json']
  static override flags = {
    check: Flags.boolean({ summary: "read the run's whole database: is it damaged anywhere?" }),
  }
  static override args = { run: Args.string({ required: true, description: 'folder of the run' }) }

  async run(): Promise<SearchShowAnswer> {
    const { args, flags } = await this.parse(SearchShow)
    const { describeRun } = await import('../../results/describe-run.js')
    const { rangeOf } = await import('../../results/search-results.js')
    const described = await describeRun(args.run, flags.check)
    const { postProcessing, settings, counts, activeSeconds, latencyModel, best, finalists, front, leases, trials } = described
    // A table of a hundred thousand lines takes time.
    if (!this.jsonEnabled()) {
      const { showRun } = await import('../../results/show-run.js')
      this.log(showRun(args.run, described).join('\n'))
    }
    const known = { ...rangeOf(described, front), ...(postProcessing && { postProcessing }) }
    const ran = { settings, counts, activeSeconds, latencyModel, best: best?.id ?? null, finalists }
    return { version: 1, run: args.run, ...ran, ...known, candidates: front, ...(leases && { leases }), trials }
  }
}
