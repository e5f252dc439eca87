import { MnasCommand, settingFlags } from '@mnas/core/cli'
import { Args, Flags } from '@oclif/core'
import type { SearchTellAnswer } from '../../answers/index.js'
import type { Tale } from '../../asked/tell-outcome.js'

export default class SearchTell extends MnasCommand {
  static override summary = 'Tell a run what came of a network that it gave you to train.'
  static override description = `The metric is that of held-out images, a fraction from 0 to 1; further ones are kept beside it.
Whoever tells a trial first is heard, even when its lease is over. The same told again changes nothing, so a command that was interrupted may be repeated.
--failed: the network will fail again and is not proposed any more. --lost: your machine goes away, somebody else is given the trial.
Say --lease: what another trains by now you can then neither end nor give back.`
  static override examples = [
    '<%= config.bin %> search tell runs/mine --trial 7 --lease 7-1 --metric top1=.71',
    '<%= config.bin %> search tell runs/mine --trial 7 --metric top1=.71 --metric loss=1.1 --json',
    '<%= config.bin %> search tell runs/mine --trial 8 --lease 8-1 --failed "the loss is no number"',
    '<%= config.bin %> search tell runs/mine --trial 9 --lease 9-2 --lost',
  ]
  static override args = { run: Args.string({ required: true, description: 'folder of the run ("mnas search new")' }) }
  static override flags = {
    trial: Flags.integer({ required: true, min: 1, summary: 'number of the trial, as "mnas search ask" gave it' }),
    lease: Flags.string({ summary: 'under which you trained it, as "mnas search ask" gave it, e.g. 7-1', helpValue: '<lease>' }),
    metric: Flags.string({
      summary: 'what the training came to, e.g. top1=.71',
      helpValue: '<name=value>',
      multiple: true,
      exactlyOne: ['metric', 'failed', 'lost'],
    }),
    rung: Flags.integer({
      min: 1,
      summary: 'of that training, as "mnas search ask" gave it (only of a run with --rungs)',
      exclusive: ['lost'],
    }),
    failed: Flags.string({
      summary: 'why it cannot be trained',
      helpValue: '<reason>',
      exactlyOne: ['metric', 'failed', 'lost'],
    }),
    lost: Flags.boolean({ summary: 'give it back to be trained by another', exactlyOne: ['metric', 'failed', 'lost'] }),
    ...settingFlags('cacheFolder'),
  }

  async run(): Promise<SearchTellAnswer> {
    const { args, flags } = await this.parse(SearchTell)
    const { tellOutcome } = await import('../../asked/tell-outcome.js')
    const { candidateId } = await import('../../candidate-id.js')
    const { formatMetric } = await import('@mnas/core/text')
    const [settings, registry] = [await this.settings(flags), await this.registry()]
    const { reporter } = this
    const told = await this.interruptible((signal) =>
      tellOutcome(args.run, flags.trial, taleOf(flags), { registry, settings, reporter, signal }),
    )
    if (told.late) reporter.warn(lateInWords(flags))
    reporter.close()
    const { trial, outcome, headline, known, late, counts } = told
    const accuracy = outcome && 'estimate' in outcome ? (outcome.estimate.metrics[headline.name] ?? null) : null
    const status = outcome?.status ?? 'lost'
    const reward = outcome?.status === 'completed' ? outcome.reward : null
    const best = told.best ? candidateId(told.best.candidate) : null
    const what = accuracy === null ? status : `${headline.label} ${formatMetric(headline, accuracy)}`
    this.log(
      `trial ${trial.id}: ${what}${known ? ', as it was told before' : ''}; ${counts.completed} trained${best ? `, the best is ${best}` : ''}`,
    )
    const answer = { status, accuracy, reward, known, late, best, counts } as const
    return { version: 1, run: args.run, trial: trial.id, id: candidateId(trial.candidate), ...answer }
  }
}

interface Flagged {
  readonly lease?: string | undefined
  readonly metric?: string[] | undefined
  readonly rung?: number | undefined
  readonly failed?: string | undefined
  readonly lost?: boolean | undefined
}

function taleOf({ lease, metric, rung, failed }: Flagged): Tale {
  const by = lease === undefined ? {} : { lease }
  const at = rung === undefined ? {} : { rung }
  if (metric) return { ...by, ...at, kind: 'metrics', pairs: metric }
  return failed === undefined ? { ...by, kind: 'lost' } : { ...by, ...at, kind: 'failed', reason: failed }
}

function lateInWords({ lost, lease }: Flagged): string {
  if (!lost) return 'The lease was over: should another have been given the trial, it will be refused.'
  return lease === undefined
    ? 'The lease was over: should another have been given the trial, it has lost it now. With --lease it keeps it.'
    : 'The lease was over: there was nothing to give back.'
}
