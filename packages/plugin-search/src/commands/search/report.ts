import { MnasCommand } from '@mnas/core/cli'
import { Args, Flags } from '@oclif/core'
import type { SearchReportAnswer } from '../../answers/index.js'

export default class SearchReport extends MnasCommand {
  static override summary =
    'One HTML file that shows a run: front, progress, decisions, latency model, the winner, settings. Also while the search is going on.'
  static override examples = [
    '<%= config.bin %> search report runs/photos',
    '<%= config.bin %> search report runs/photos --out photos.html',
  ]
  static override args = { run: Args.string({ required: true, description: 'folder of the run' }) }
  static override flags = {
    out: Flags.string({ summary: "the file (default: report.html in the run's folder)", helpValue: '<file>' }),
  }

  async run(): Promise<SearchReportAnswer> {
    const { args, flags } = await this.parse(SearchReport)
    const { writeReport } = await import('../../report/write-report.js')
    const { file, panels, data } = await writeReport(args.run, await this.registry(), flags.out)
    const { counts, best, effects, latencies } = data
    this.log(`${file}: ${counts.completed} trained networks; open it in a browser.`)
    return {
      version: 1,
      run: args.run,
      file,
      panels: [...panels],
      counts,
      best: best?.id ?? null,
      decisions: (effects ?? []).map(({ name, share, chance, choices }) => ({ name, share, chance, choices: choices.length })),
      latencyModel: [...latencies],
    }
  }
}
