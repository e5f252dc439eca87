import { classFoldersFlag, deviceOptionsFlag, durationFlag, MnasCommand, quoteArgument, settingFlags } from '@mnas/core/cli'
import { Flags } from '@oclif/core'
import type { SearchAnswer, SearchDryRunAnswer } from '../../answers/index.js'
import { goalFlags } from '../../goal/goal-flags.js'
import type { SearchRequest } from '../../start/search-request.js'

const defaultTrials = 20

export default class Search extends MnasCommand {
  static override summary = 'Search a network for your images and your device: measured latency, trained accuracy.'
  static override description =
    `Every candidate is screened by an estimate, timed on the device, trained for a few epochs and compared on images held out from training.
The run's folder holds all of it: the same command continues a run that was stopped in whatever way, and more --trials or --time extend it.
--trials counts candidates that were trained (or failed on the way); those that were too slow are counted apart.
A target is for the network and what runs behind it in the file; that is timed once, by itself.
With --target-latency the objective is "hard": the most accurate network within the budget. Without, it is "front": the most accurate networks
for every budget of --latency-range, and "mnas train" asks which. "soft" is the paper's trade-off.`
  static override examples = [
    '<%= config.bin %> search --data ./photos --target-latency 10ms',
    '<%= config.bin %> search --data ./photos --size 96 --proxy-epochs 3 --trials 10 --target-latency 3ms --out runs/photos',
    '<%= config.bin %> search --data ./photos --target-latency 10ms --dry-run',
    '<%= config.bin %> search --data ./photos --device android --quantize int8 --target-latency 4ms',
    '<%= config.bin %> search --task detection --data ./annotated --size 320 --target-latency 40ms',
    '<%= config.bin %> search front runs/photos --json',
  ]
  static override flags = {
    data: Flags.string({
      required: true,
      summary: 'folder of images: one folder per class, or train/ and val/',
      helpValue: '<folder>',
    }),
    'class-folders': classFoldersFlag(),
    ...goalFlags(),
    task: Flags.string({ default: 'classification', summary: 'what the images are for' }),
    proxy: Flags.string({
      summary: "how candidates are judged (default: the task's usual way)",
      description:
        'detection: crops trains a classifier of the objects cut out of the photos; detection trains the detector itself; transfer takes ' +
        'the best networks of another run as they are (--backbones). The winner is a network for --task in every case.',
      helpValue: '<name>',
    }),
    backbones: Flags.string({
      summary: 'run whose front are the candidates: nothing is trained, only timed (--proxy transfer)',
      helpValue: '<run>',
    }),
    trials: Flags.integer({ min: 1, summary: `candidates to train (default: ${defaultTrials}, or as many as --time allows)` }),
    jobs: Flags.integer({
      default: 1,
      min: 1,
      max: 64,
      summary: 'candidates that train at once; each gets its share of the threads',
    }),
    time: durationFlag({ summary: 'begin no candidate after so much time, e.g. 30m' }),
    from: Flags.string({
      summary: 'run whose trainings are known: the same data, recipe and fidelity, on whatever device',
      helpValue: '<run>',
    }),
    'retrain-top': Flags.integer({
      default: 3,
      min: 0,
      max: 20,
      summary: 'so many of the best are trained again before one is called the winner; 0: none',
    }),
    'proxy-epochs': Flags.integer({ default: 5, min: 1, summary: 'epochs of training that judge a candidate' }),
    'proxy-size': Flags.integer({
      min: 16,
      max: 1024,
      summary: "side of the images in that training (default: the proxy's own, else --size)",
    }),
    rungs: Flags.string({
      summary: 'shorter trainings before that one, of which the best go on, e.g. 1@64,2: an epoch at 64 px, then two',
      helpValue: '<epochs[@size],...>',
      exclusive: ['backbones'],
    }),
    seed: Flags.integer({ default: 0, summary: 'the same seed proposes and trains the same' }),
    out: Flags.string({ summary: "the run's folder (default: runs/<data folder>)", helpValue: '<folder>' }),
    option: deviceOptionsFlag(),
    'dry-run': Flags.boolean({ summary: 'say what a trial will cost, and stop' }),
    ...settingFlags('device', 'engine', 'accelerator', 'threads', 'workers', 'cacheFolder', 'cacheLimit'),
  }

  async run(): Promise<SearchAnswer | SearchDryRunAnswer> {
    const { flags } = await this.parse(Search)
    const { basename, join, resolve } = await import('node:path')
    const { definedOnly, goalOfFlags, rungsOfFlags } = await import('../../goal/goal-of-flags.js')
    const { parseRungs } = await import('../../rungs/parse-rungs.js')
    const out = flags.out ?? join('runs', basename(resolve(flags.data)))
    const unbounded = flags.trials === undefined && flags.time === undefined && flags.backbones === undefined
    const request: SearchRequest = {
      data: { folder: flags.data, ...definedOnly({ classFolders: flags['class-folders'] }) },
      task: flags.task,
      proxy: flags.proxy,
      backbones: flags.backbones,
      ...goalOfFlags(flags),
      trials: unbounded ? defaultTrials : flags.trials,
      jobs: flags.jobs,
      timeMs: flags.time,
      from: flags.from,
      retrainTop: flags['retrain-top'],
      proxyEpochs: flags['proxy-epochs'],
      proxySize: flags['proxy-size'],
      rungs: flags.rungs === undefined ? undefined : { lower: parseRungs(flags.rungs), ...rungsOfFlags(flags) },
      seed: flags.seed,
      deviceOptions: flags.option,
      out,
      version: this.config.version,
    }
    const settings = await this.settings(flags)
    const registry = await this.registry()
    const around = { registry, settings, reporter: this.reporter }
    const command = `${this.config.bin} search ${this.argv.map(quoteArgument).join(' ')}`
    if (flags['dry-run']) return this.interruptible((signal) => this.#dryRun(request, { ...around, signal }))
    return this.interruptible((signal) => this.#search(request, { ...around, signal }), command)
  }

  async #search(
    request: SearchRequest,
    around: Parameters<typeof import('../../start/search-in-folder.js').searchInFolder>[1],
  ): Promise<SearchAnswer> {
    const { searchInFolder } = await import('../../start/search-in-folder.js')
    const { formatCandidates, formatFinalists, formatMs, formatPostProcessing, formatRange } = await import(
      '../../results/format-candidates.js'
    )
    const { rangeOf } = await import('../../results/search-results.js')
    const found = await searchInFolder(request, around)
    const { reason, width, targetMs, postProcessing, counts, best, pick, finalists, front } = found
    const { reporter } = around
    const { range } = rangeOf(found, front)
    if (reason === 'exhausted' && request.backbones === undefined)
      reporter.warn(
        `The search ended early: it found nothing new that is fast enough. Try a longer ${range ? '--latency-range' : '--target-latency'}.`,
      )
    reporter.close()
    this.log(`${request.out}: ${counts.completed} trained, ${counts.rejected} too slow, ${counts.failed + counts.lost} failed`)
    this.log(
      range
        ? `width ${width}; ${formatRange(range)}:`
        : `width ${width}, target ${formatMs(targetMs)}; the front, the best marked:`,
    )
    for (const line of formatCandidates(front, found, best.id)) this.log(line)
    if (postProcessing) this.log(formatPostProcessing(postProcessing))
    for (const line of formatFinalists(finalists, found.headline, best.id)) this.log(line)
    if (!range && pick !== null && pick !== best.id) this.log(`The strategy itself believes most in ${pick}.`)
    const { folder, classFolders } = request.data
    const where = `--data ${quoteArgument(folder)}${classFolders ? ` --class-folders ${classFolders}` : ''}`
    this.log(`Next: ${this.config.bin} train ${quoteArgument(request.out)} ${where}${range ? ' --candidate ID' : ''}`)
    const known = { reason, width, targetMs, counts, best: best.id, pick, finalists, ...(postProcessing && { postProcessing }) }
    return { version: 1, run: request.out, ...known, ...rangeOf(found, front), candidates: front }
  }

  async #dryRun(
    request: SearchRequest,
    around: Parameters<typeof import('../../start/search-cost.js').searchCost>[1],
  ): Promise<SearchDryRunAnswer> {
    const { searchCost } = await import('../../start/search-cost.js')
    const { formatSeconds } = await import('@mnas/core/events')
    const cost = await searchCost(request, around)
    around.reporter.close()
    this.log(`${cost.trainingImages} images to train on, ${cost.heldOutImages} held out, ${cost.classes} classes`)
    const steps = `${cost.stepsPerTrial} steps of ${cost.batchSize} images, as ${cost.network}`
    if (cost.stepsPerTrial === 0) this.log('Nothing is trained: the networks of the other run are timed as they are.')
    else this.log(`One trial: up to ${formatSeconds(Math.ceil(cost.secondsPerTrial))} (${steps})`)
    if (cost.seconds !== null) this.log(`The search: up to ${formatSeconds(Math.ceil(cost.seconds))}, plus the measurements`)
    return { version: 1, dryRun: true, run: request.out, ...cost }
  }
}
