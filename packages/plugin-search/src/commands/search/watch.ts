import { MnasCommand } from '@mnas/core/cli'
import { Args } from '@oclif/core'
import type { SearchWatchAnswer } from '../../answers/index.js'

const lookEveryMs = 1000

export default class SearchWatch extends MnasCommand {
  static override summary = 'Watch a search from another terminal, until it ends or Ctrl-C.'
  static override description =
    `Shows what happens from now on, and how far the search is: trials, best, front, the time that remains. It reads
the run's files alone and keeps nobody from writing them. "--progress jsonl" gives the same as JSON lines on stderr.`
  static override examples = ['<%= config.bin %> search watch runs/photos']
  static override args = { run: Args.string({ required: true, description: 'folder of the run' }) }

  async run(): Promise<SearchWatchAnswer> {
    const { args } = await this.parse(SearchWatch)
    const { setTimeout: delay } = await import('node:timers/promises')
    const { watchRun } = await import('../../watch/watch-run.js')
    const { describeStatus } = await import('../../watch/search-status.js')
    await this.settings()
    const { reporter } = this
    const { end, headline, counts, trials, best, front, hypervolume, latencyError, ...status } = await this.interruptible(
      (signal) => watchRun(args.run, { reporter, signal, now: Date.now, pause: () => delay(lookEveryMs, undefined, { signal }) }),
    )
    reporter.close()
    if (end === 'killed') reporter.warn('Nobody works on this run any more: its search was killed. Its command goes on with it.')
    const shown = describeStatus({ ...status, counts, trials, best, front, hypervolume, latencyError }, headline)
    this.log([`${args.run}: ${counts.completed} trained, ${counts.rejected} too slow`, ...shown].join(', '))
    return {
      version: 1,
      run: args.run,
      end,
      counts,
      trials,
      best: best && { accuracy: best.quality, latencyMs: best.latencyMs },
      front,
      hypervolume,
      latencyError,
      activeSeconds: status.activeSeconds,
    }
  }
}
