import { classFoldersFlag, durationFlag, MnasCommand, settingFlags } from '@mnas/core/cli'
import { Flags } from '@oclif/core'
import type { SearchProxyAnswer } from '../../answers/index.js'
import type { CheckRequest } from '../../proxy-check/check-request.js'

const hourMs = 3_600_000

export default class SearchProxy extends MnasCommand {
  static override summary = 'Find out which cheap training orders networks as a long one does.'
  static override description =
    `Diverse networks are trained long, with two seeds, and as cheaper proxies would train them: fewer epochs, smaller images. Then the
orders are compared, by the task's metric and by the loss on the held-out images, with what chance does to them. Nothing is timed.
The folder keeps every training: the same command goes on, with as much time again.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --data ./photos --time 1h',
    '<%= config.bin %> <%= command.id %> --data ./photos --size 96 --width 0.5 --epochs 40 --proxy-epochs 5 --proxy-epochs 10',
  ]
  static override flags = {
    data: Flags.string({ required: true, summary: 'folder of images, as for a search', helpValue: '<folder>' }),
    'class-folders': classFoldersFlag(),
    task: Flags.string({ default: 'classification', summary: 'what the images are for' }),
    space: Flags.string({ default: 'mnasnet', summary: 'which networks there are to choose from' }),
    size: Flags.integer({ default: 224, min: 16, max: 1024, summary: 'side of the deployed input in pixels' }),
    width: Flags.string({
      default: '1',
      summary: 'width multiplier of the skeleton, as the search will have it',
      helpValue: '<number>',
    }),
    networks: Flags.integer({ default: 12, min: 3, max: 200, summary: 'how many networks are compared' }),
    epochs: Flags.integer({ min: 1, summary: 'of a long training (default: as many as --time allows)' }),
    'proxy-epochs': Flags.integer({
      min: 1,
      multiple: true,
      default: [],
      summary: 'of a cheap one, several times (default: a half, a quarter and an eighth)',
    }),
    'proxy-size': Flags.integer({
      min: 16,
      max: 1024,
      multiple: true,
      default: [],
      summary: 'side of its images, several times (default: --size and three quarters of it)',
    }),
    time: durationFlag({ summary: 'begin no training after so much time (default: 1h, or none with --epochs)' }),
    seed: Flags.integer({ default: 0, summary: 'the same seed takes and trains the same networks' }),
    out: Flags.string({ summary: 'folder of the check (default: runs/<data folder>-proxies)', helpValue: '<folder>' }),
    ...settingFlags('engine', 'accelerator', 'threads', 'workers', 'cacheFolder', 'cacheLimit'),
  }

  async run(): Promise<SearchProxyAnswer> {
    const { flags } = await this.parse(SearchProxy)
    const { basename, join, resolve } = await import('node:path')
    const { widthNumber } = await import('../../goal/parse-width.js')
    const out = flags.out ?? join('runs', `${basename(resolve(flags.data))}-proxies`)
    const classFolders = flags['class-folders']
    const request: CheckRequest = {
      data: { folder: flags.data, ...(classFolders && { classFolders }) },
      task: flags.task,
      space: flags.space,
      size: flags.size,
      width: widthNumber(flags.width),
      networks: flags.networks,
      epochs: flags.epochs,
      proxyEpochs: flags['proxy-epochs'],
      proxySizes: flags['proxy-size'],
      seed: flags.seed,
      timeMs: flags.time ?? (flags.epochs === undefined ? hourMs : undefined),
      out,
    }
    const settings = await this.settings(flags)
    const registry = await this.registry()
    const { reporter } = this
    return this.interruptible(async (signal) => {
      const { checkProxies } = await import('../../proxy-check/check-proxies.js')
      const { formatCheck } = await import('../../proxy-check/format-check.js')
      const result = await checkProxies(request, { registry, settings, reporter, signal })
      reporter.close()
      for (const line of formatCheck(result)) this.log(line)
      const { headline, heldOut: heldOutImages, ...found } = result
      return { version: 1, folder: out, metric: headline.name, heldOutImages, ...found }
    })
  }
}
