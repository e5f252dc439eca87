import { bytesFlag, countFlag, deviceOptionsFlag, durationFlag, MnasCommand, quoteArgument, settingFlags } from '@mnas/core/cli'
import { Args, Flags } from '@oclif/core'
import type { SearchNewAnswer } from '../../answers/index.js'

export default class SearchNew extends MnasCommand {
  static override summary = 'Begin a search whose candidates you train yourself, with whatever you train with.'
  static override description = `Needs no photos: the networks are proposed and timed here, and trained by you.
"mnas search ask" gives networks to train, each timed and fast enough; "mnas search tell" says what came of them. Nothing runs between these commands.
Several computers may ask and tell the same run, over a folder that all of them see.`
  static override examples = [
    '<%= config.bin %> search new runs/mine --classes 6 --size 160 --target-latency 10ms',
    '<%= config.bin %> search new runs/phone --classes 100 --target-latency 8ms --device android --quantize int8',
    '<%= config.bin %> search new runs/mine --classes 6 --target-latency 10ms --training "5 epochs at 128 px"',
  ]
  static override args = { run: Args.string({ required: true, description: 'folder of the new run' }) }
  static override flags = {
    classes: Flags.integer({ required: true, min: 1, summary: 'what the networks are to tell apart' }),
    size: Flags.integer({ default: 224, min: 16, max: 1024, summary: 'side of the deployed input in pixels' }),
    'target-latency': durationFlag({ summary: 'the latency that the network may have, e.g. 10ms' }),
    quantize: Flags.option({
      options: ['none', 'float16', 'weights', 'dynamic', 'int8'] as const,
      default: 'none' as const,
      summary: 'how the file will be deployed: its latency in this form is what counts',
    })(),
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
    space: Flags.string({ default: 'mnasnet', summary: 'which networks there are to choose from' }),
    strategy: Flags.string({ default: 'model', summary: 'how candidates are proposed: model, evolution, ppo, random' }),
    'strategy-option': Flags.string({
      summary: 'an option of the strategy, e.g. preset=paper of ppo',
      helpValue: '<name=value>',
      multiple: true,
      default: [],
    }),
    objective: Flags.string({ summary: 'hard (default with a target), front (default without), soft, absolute' }),
    'latency-range': Flags.string({
      summary: 'of a front: between which latencies, e.g. 5ms..20ms (default: 10th to 90th percentile of random networks)',
      helpValue: '<duration>..<duration>',
    }),
    width: Flags.string({
      default: 'auto',
      summary: 'width multiplier of the skeleton, or auto: as the target allows',
      helpValue: 'auto|<number>',
    }),
    'max-params': countFlag({ summary: 'how many parameters the network may have, e.g. 3M', aliases: ['max-parameters'] }),
    'max-size': bytesFlag({ summary: 'how large its file may be as it is deployed (--quantize), e.g. 5MB' }),
    'max-memory': bytesFlag({ summary: 'how much memory its activations may take at once, e.g. 20MB' }),
    rungs: Flags.integer({
      min: 2,
      max: 6,
      summary: 'train each network in so many steps, of which the best go on (tell --rung)',
    }),
    'rung-eta': Flags.integer({
      min: 2,
      max: 10,
      summary: 'of a rung about one in so many goes on (default: 3)',
      dependsOn: ['rungs'],
    }),
    'rung-policy': Flags.string({ summary: 'who decides which go on (default: halving)', dependsOn: ['rungs'] }),
    trials: Flags.integer({ min: 1, summary: 'how many you mean to train: what the strategy plans by, no bound' }),
    seed: Flags.integer({ default: 0, summary: 'the same seed proposes the same' }),
    option: deviceOptionsFlag(),
    ...settingFlags('device', 'cacheFolder'),
  }

  async run(): Promise<SearchNewAnswer> {
    const { args, flags } = await this.parse(SearchNew)
    const { parsePrecisions } = await import('@mnas/core/deployment')
    const { beginRun } = await import('../../asked/begin-run.js')
    const { parseLatencyRange } = await import('../../start/parse-latency-range.js')
    const { parseWidth } = await import('../../start/parse-width.js')
    const { formatMs, formatPostProcessing } = await import('../../results/format-candidates.js')
    const limits = { parameters: flags['max-params'], sizeBytes: flags['max-size'], peakMemoryBytes: flags['max-memory'] }
    const request = {
      ...{ folder: args.run, task: flags.task, classes: flags.classes, taskOptions: flags['task-option'] },
      ...{ size: flags.size, targetMs: flags['target-latency'] ?? null, precision: parsePrecisions(flags.quantize)[0] },
      rangeMs: flags['latency-range'] === undefined ? null : parseLatencyRange(flags['latency-range']),
      limits: Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined)),
      ...{ space: flags.space, strategy: flags.strategy, strategyOptions: flags['strategy-option'] },
      ...{ objective: flags.objective, width: parseWidth(flags.width), seed: flags.seed, trials: flags.trials },
      rungs:
        flags.rungs === undefined
          ? undefined
          : { count: flags.rungs, eta: flags['rung-eta'] ?? 3, policy: flags['rung-policy'] ?? 'halving' },
      ...{ training: flags.training, deviceOptions: flags.option, version: this.config.version },
    }
    const settings = await this.settings(flags)
    const registry = await this.registry()
    const { reporter } = this
    const command = `${this.config.bin} search new ${this.argv.map(quoteArgument).join(' ')}`
    const begun = await this.interruptible((signal) => beginRun(request, { registry, settings, reporter, signal }), command)
    reporter.close()
    const { width, targetMs, headline, measured, postProcessing } = begun
    this.log(`${args.run}: width ${width}, target ${formatMs(targetMs)}, ${measured} networks timed`)
    if (postProcessing) this.log(formatPostProcessing(postProcessing))
    const run = quoteArgument(args.run)
    this.log(
      `Next: ${this.config.bin} search ask ${run} --json, then ${this.config.bin} search tell ${run} --trial 1 --metric ${headline.name}=.5`,
    )
    const known = { width, targetMs, metric: headline.name, measured, ...(postProcessing && { postProcessing }) }
    return { version: 1, run: args.run, ...known }
  }
}
