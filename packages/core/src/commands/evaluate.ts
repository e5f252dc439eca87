import { Flags } from '@oclif/core'
import type { EvaluateAnswer } from '../answers/index.js'
import { classFoldersFlag, dataFlag, MnasCommand, modelArgument, settingFlags } from '../cli/index.js'

export default class Evaluate extends MnasCommand {
  static override summary = 'Measure a trained bundle on images of a folder.'
  static override description =
    'Without --split: the validation images where they have a folder of their own (val/) or where the model was trained on this very data; else ' +
    'all images of the folder. Images that the model was trained on are counted and warned of, whatever they are called.'
  static override examples = [
    '<%= config.bin %> evaluate models/photos',
    '<%= config.bin %> evaluate models/photos --data other-photos --json',
    '<%= config.bin %> evaluate models/photos --charts pictures',
    '<%= config.bin %> evaluate models/things --split validation --detections found.json',
  ]
  static override args = { model: modelArgument({ description: 'a bundle, or a run with a trained one', required: true }) }
  static override flags = {
    data: dataFlag({ summary: 'folder of images (default: the one it was trained on, on this computer)' }),
    split: Flags.option({
      summary: 'which images (default: see above)',
      options: ['all', 'train', 'heldOut', 'validation', 'test'] as const,
    })(),
    'class-folders': classFoldersFlag(),
    batch: Flags.integer({ summary: 'images per step (default: as in its training, else 32)', min: 1 }),
    charts: Flags.string({
      summary: 'folder for the pictures of the evaluation as SVG, light and dark',
      helpValue: '<folder>',
    }),
    detections: Flags.string({
      summary: "file for all answers, in COCO's results format; for tasks that have one",
      helpValue: '<file>',
    }),
    ...settingFlags('engine', 'threads', 'workers', 'cacheFolder', 'cacheLimit'),
  }

  async run(): Promise<EvaluateAnswer> {
    const { args, flags } = await this.parse(Evaluate)
    const settings = await this.settings(flags)
    const [{ resolve }, { splitNames }, workflows] = await Promise.all([
      import('node:path'),
      import('../data/index.js'),
      import('../workflows/index.js'),
    ])
    const { drawEvaluation, evaluateBundle, loadTrained, readTrainingSettings, workflowErrors } = workflows
    const { requireAnswersFile, requireChartsFolder } = workflows
    const { bundle, weights, folder } = await loadTrained(await this.localModel(args.model, settings))
    const recorded = await readTrainingSettings(folder)
    const data = flags.data ?? recorded?.data?.folder
    const classFolders = flags['class-folders'] ?? recorded?.data?.classFolders
    if (typeof data !== 'string') throw workflowErrors.MNAS_DATA_UNSAID({ model: args.model })
    if (flags.charts !== undefined) await requireChartsFolder(flags.charts, data)
    const registry = await this.registry()
    const task = await registry.get('task', bundle.task.name)
    if (flags.detections !== undefined) await requireAnswersFile(flags.detections, task, data)
    const evaluation = await this.interruptible((signal) =>
      evaluateBundle({
        registry,
        bundle,
        folder,
        weights,
        split: flags.split,
        data: {
          folder: resolve(data),
          ...(classFolders && { classFolders }),
          cacheFolder: settings.cacheFolder,
          cacheLimitBytes: settings.cacheLimit,
          workers: settings.workers,
        },
        engine: settings.engine,
        threads: settings.threads,
        ...(flags.batch !== undefined && { batchSize: flags.batch }),
        ...(flags.detections !== undefined && { answersFile: flags.detections }),
        reporter: this.reporter,
        signal,
      }),
    )
    this.reporter.close()
    this.log(`${args.model} on ${evaluation.images} ${splitNames[evaluation.split]}:`)
    for (const [name, value] of Object.entries(evaluation.metrics)) this.log(`  ${name.padEnd(28)} ${value.toFixed(4)}`)
    const charts = flags.charts === undefined ? [] : await drawEvaluation(flags.charts, bundle, evaluation.details, task)
    for (const { name, theme, file } of charts) this.log(`  ${`${name}, ${theme}`.padEnd(28)} ${file}`)
    if (flags.detections !== undefined) this.log(`  ${'detections'.padEnd(28)} ${flags.detections}`)
    const epochs = recorded?.job.fidelity.epochs ?? null
    return {
      version: 1,
      bundle: args.model,
      split: evaluation.split,
      images: evaluation.images,
      trainedOn: evaluation.trainedOn,
      metrics: evaluation.metrics,
      epochs,
      charts,
      ...(flags.detections !== undefined && { detections: flags.detections }),
      skipped: evaluation.skipped,
    }
  }
}
