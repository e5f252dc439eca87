import { durationFlag, MnasCommand, settingFlags } from '@mnas/core/cli'
import { Args, Flags } from '@oclif/core'
import type { SearchAskAnswer } from '../../answers/index.js'
import type { Shortage } from '../../asked/find-work.js'

const defaultLeaseMs = 3_600_000

const whyNone: Readonly<Record<Shortage, string>> = {
  exhausted: 'There is nothing new that is fast enough.',
  waiting: 'Nothing is to be trained before somebody tells what came of those that are given away.',
  over: 'All were begun, and the best have come to the top: nothing is left to train.',
  taken: 'Timing took so long that others were given the networks meanwhile: ask again.',
}

export default class SearchAsk extends MnasCommand {
  static override summary = 'Ask a run for networks to train: their architecture, what they cost, and how long they are yours.'
  static override description =
    `Each network was timed on the run's device and is within its goal: what is too slow is told to the strategy and never leaves.
A trial is yours until its lease ends; "mnas search renew" puts that off. Then it is given to whoever asks next, until somebody tells what came of it.
An empty list says that there is nothing new that is fast enough, or nothing until more is told; the text says which.`
  static override examples = [
    '<%= config.bin %> search ask runs/mine --json',
    '<%= config.bin %> search ask runs/mine -n 4 --lease 6h --worker gpu-3 --json',
  ]
  static override args = { run: Args.string({ required: true, description: 'folder of the run ("mnas search new")' }) }
  static override flags = {
    count: Flags.integer({ char: 'n', default: 1, min: 1, max: 256, summary: 'networks at most' }),
    lease: durationFlag({ summary: 'for how long they are yours (default: 1h)' }),
    worker: Flags.string({ summary: "who asks, for people (default: this computer's name)", helpValue: '<name>' }),
    ...settingFlags('cacheFolder'),
  }

  async run(): Promise<SearchAskAnswer> {
    const { args, flags } = await this.parse(SearchAsk)
    const { hostname } = await import('node:os')
    const { askForWork } = await import('../../asked/ask-for-work.js')
    const { describeWork } = await import('../../asked/describe-work.js')
    const { formatMs, formatPostProcessing } = await import('../../results/format-candidates.js')
    const { formatTable } = await import('@mnas/core/text')
    const [settings, registry] = [await this.settings(flags), await this.registry()]
    const { reporter } = this
    const request = {
      folder: args.run,
      count: flags.count,
      leaseMs: flags.lease ?? defaultLeaseMs,
      worker: flags.worker ?? hostname(),
    }
    const { trials, shortage, width, targetMs, postProcessing } = await this.interruptible((signal) =>
      askForWork(request, { registry, settings, reporter, signal }, (asked, store) => ({
        ...asked,
        trials: asked.work.map((one) => describeWork(asked, one, store)),
      })),
    )
    reporter.close()
    if (trials.length === 0) this.log(whyNone[shortage ?? 'exhausted'])
    else {
      const rows = trials.map(({ trial, id, latencyMs, parameters, lease }) => [
        ...[`${trial}`, id, formatMs(latencyMs), `${(parameters / 1e6).toFixed(2)} M`, lease.id, lease.until],
      ])
      for (const line of formatTable(['trial', 'candidate', 'latency', 'parameters', 'lease', 'until'], rows, [
        'candidate',
        'lease',
        'until',
      ]))
        this.log(line)
      if (postProcessing) this.log(formatPostProcessing(postProcessing))
      this.log('With --json: their architectures, block by block.')
    }
    return { version: 1, run: args.run, width, targetMs, ...(postProcessing && { postProcessing }), trials }
  }
}
