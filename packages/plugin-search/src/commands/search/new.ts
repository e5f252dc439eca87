import { deviceOptionsFlag, MnasCommand, quoteArgument, settingFlags } from '@mnas/core/cli'
import { Args, Flags } from '@oclif/core'
import type { SearchNewAnswer } from '../../answers/index.js'
import { goalFlags } from '../../goal/goal-flags.js'

export default class SearchNew extends MnasCommand {
  static override summary = 'Begin a search whose candidates you train yourself, with whatever you train with.'
  static override description = `Needs no photos: the networks are proposed and timed here, and trained by you.
"mnas search ask" gives networks to train, each timed and fast enough; "mnas search tell" says what came of them. Nothing runs between these commands.
Several computers may ask and tell the same run, over a folder that all of them see, in a file system that keeps locks.`
  static override examples = [
    '<%= config.bin %> search new runs/mine --classes 6 --size 160 --target-latency 10ms',
    '<%= config.bin %> search new runs/phone --classes 100 --target-latency 8ms --device android --quantize int8',
    '<%= config.bin %> search new runs/mine --classes 6 --target-latency 10ms --training "5 epochs at 128 px"',
  ]
  static override args = { run: Args.string({ required: true, description: 'folder of the new run' }) }
  static override flags = {
    classes: Flags.integer({ required: true, min: 1, summary: 'what the networks are to tell apart' }),
    ...goalFlags(),
    training: Flags.string({
      default: '',
      summary: 'how you train candidates, in your words: what was told of other trainings is not comparable',
      helpValue: '<text>',
    }),
    task: Flags.string({ default: 'classification', summary: 'what the networks are for' }),
    'task-option': Flags.string({
      summary: 'an option of the task, e.g. dropout=.3',
      helpValue: '<name=value>',
      multiple: true,
      default: [],
    }),
    rungs: Flags.integer({
      min: 2,
      max: 6,
      summary: 'train each network in so many steps, of which the best go on (tell --rung)',
    }),
    trials: Flags.integer({ min: 1, summary: 'how many you mean to train: what the strategy plans by, no bound' }),
    seed: Flags.integer({ default: 0, summary: 'the same seed proposes the same' }),
    option: deviceOptionsFlag(),
    ...settingFlags('device', 'cacheFolder'),
  }

  async run(): Promise<SearchNewAnswer> {
    const { args, flags } = await this.parse(SearchNew)
    const { beginRun } = await import('../../asked/begin-run.js')
    const { goalOfFlags, rungsOfFlags } = await import('../../goal/goal-of-flags.js')
    const { formatMs, formatPostProcessing } = await import('../../results/format-candidates.js')
    const request = {
      ...{ folder: args.run, task: flags.task, classes: flags.classes, taskOptions: flags['task-option'] },
      ...goalOfFlags(flags),
      ...{ seed: flags.seed, trials: flags.trials },
      rungs: flags.rungs === undefined ? undefined : { count: flags.rungs, ...rungsOfFlags(flags) },
      ...{ training: flags.training, deviceOptions: flags.option, version: this.config.version },
    }
    const settings = await this.settings(flags)
    const registry = await this.registry()
    const { reporter } = this
    const command = `${this.config.bin} search new ${this.argv.map(quoteArgument).join(' ')}`
    const begun = await this.interruptible((signal) => beginRun(request, { registry, settings, reporter, signal }), command)
    reporter.close()
    const { width, targetMs, rangeMs, headline, measured, postProcessing } = begun
    const goal = rangeMs ? `front from ${formatMs(rangeMs[0])} to ${formatMs(rangeMs[1])}` : `target ${formatMs(targetMs)}`
    this.log(`${args.run}: width ${width}, ${goal}, ${measured} networks timed`)
    if (postProcessing) this.log(formatPostProcessing(postProcessing))
    const run = quoteArgument(args.run)
    const { bin } = this.config
    const told = `--trial 1 --lease 1-1${request.rungs ? ' --rung 1' : ''} --metric ${headline.name}=.5`
    this.log(`Next: ${bin} search ask ${run} --json, then ${bin} search tell ${run} ${told}`)
    const known = { width, targetMs, metric: headline.name, measured, ...(postProcessing && { postProcessing }) }
    return { version: 1, run: args.run, ...known }
  }
}
