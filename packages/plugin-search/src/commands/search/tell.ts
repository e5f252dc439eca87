import { MnasCommand, settingFlags } from '@mnas/core/cli'
import { Args, Flags } from '@oclif/core'
import type { SearchTellAnswer } from '../../answers/index.js'
import type { Tale } from '../../asked/tell-outcome.js'

export default class SearchTell extends MnasCommand {
  static override summary = 'Tell a run what came of a network that it gave you to train.'
  static override description = `The metric is that of held-out images, a fraction from 0 to 1; further ones are kept beside it.
Whoever tells a trial first is heard, even when its lease is over. The same told again changes nothing, so a command that was interrupted may be repeated.
--failed: the network will fail again and is not proposed any more. --lost: your machine goes away, somebody else is given the trial.`
  static override examples = [
    '<%= config.bin %> search tell runs/mine --trial 7 --metric top1=.71',
    '<%= config.bin %> search tell runs/mine --trial 7 --metric top1=.71 --metric loss=1.1 --json',
    '<%= config.bin %> search tell runs/mine --trial 8 --failed "the loss is no number"',
    '<%= config.bin %> search tell runs/mine --trial 9 --lost',
  ]
  static override args = { run: Args.string({ required: true, description: 'folder of the run ("mnas search new")' }) }
  static override flags = {
    trial: Flags.integer({ required: true, min: 1, summary: 'number of the trial, as "mnas search ask" gave it' }),
    metric: Flags.string({
      summary: 'what the training came to, e.g. top1=.71',
      helpValue: '<name=value>',
      multiple: true,
      exactlyOne: ['metric', 'failed', 'lost'],
    }),
    rung: Flags.integer({
      min: 1,
      summary: 'of that training, as "mnas search ask" gave it (only of a run with --rungs)',
      dependsOn: ['metric'],
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
    if (told.late) reporter.warn('The lease was over: should another have been given the trial, it will be refused.')
    reporter.close()
    const { trial, headline, known, late, counts } = told
    const { outcome } = trial
    const completed = outcome?.status === 'completed' ? outcome : null
    const paused = !outcome && flags.metric ? told.estimate : null
    const accuracy = (completed?.estimate ?? paused)?.metrics[headline.name] ?? null
    const status = completed ? 'completed' : outcome ? 'failed' : paused ? 'paused' : 'lost'
    const best = told.best ? candidateId(told.best.candidate) : null
    const what = accuracy === null ? status : `${headline.label} ${formatMetric(headline, accuracy)}`
    this.log(
      `trial ${trial.id}: ${what}${known ? ', as it was told before' : ''}; ${counts.completed} trained${best ? `, the best is ${best}` : ''}`,
    )
    const answer = { status, accuracy, reward: completed?.reward ?? null, known, late, best, counts } as const
    return { version: 1, run: args.run, trial: trial.id, id: candidateId(trial.candidate), ...answer }
  }
}

function taleOf({
  metric,
  rung,
  failed,
}: {
  readonly metric?: string[] | undefined
  readonly rung?: number | undefined
  readonly failed?: string | undefined
}): Tale {
  if (metric) return { kind: 'metrics', pairs: metric, ...(rung !== undefined && { rung }) }
  return failed === undefined ? { kind: 'lost' } : { kind: 'failed', reason: failed }
}
