import { Flags } from '@oclif/core'
import { dataFlag, MnasCommand, modelArgument, settingFlags } from '../cli/index.js'

export default class Evaluate extends MnasCommand {
  static override summary = 'Measure a trained bundle on the validation images of a folder.'
  static override examples = [
    '<%= config.bin %> evaluate models/photos',
    '<%= config.bin %> evaluate models/photos --data other-photos --json',
    '<%= config.bin %> evaluate models/photos --charts pictures',
  ]
  static override args = { model: modelArgument({ description: 'a bundle, or a run with a trained one', required: true }) }
  static override flags = {
    data: dataFlag({ summary: 'folder of images (default: the one it was trained on, on this computer)' }),
    batch: Flags.integer({ summary: 'images per step (default: as in its training, else 32)', min: 1 }),
    charts: Flags.string({
      summary: 'folder for the pictures of the evaluation as SVG, light and dark',
      helpValue: '<folder>',
    }),
    ...settingFlags('engine', 'threads', 'workers', 'cacheFolder', 'cacheLimit'),
  }

  async run() {
    const { args, flags } = await this.parse(Evaluate)
    const settings = await this.settings(flags)
    const [{ resolve }, workflows] = await Promise.all([import('node:path'), import('../workflows/index.js')])
    const { drawEvaluation, evaluateBundle, loadTrained, readTrainingSettings, requireChartsFolder, workflowErrors } = workflows
    const { bundle, weights, folder } = await loadTrained(args.model)
    const recorded = await readTrainingSettings(folder)
    const data = flags.data ?? recorded?.dataFolder
    if (typeof data !== 'string') throw workflowErrors.MNAS_DATA_UNSAID({ model: args.model })
    if (flags.charts !== undefined) await requireChartsFolder(flags.charts, data)
    const registry = await this.registry()
    const evaluation = await this.interruptible((signal) =>
      evaluateBundle({
        registry,
        bundle,
        weights,
        data: {
          folder: resolve(data),
          cacheFolder: settings.cacheFolder,
          cacheLimitBytes: settings.cacheLimit,
          workers: settings.workers,
        },
        engine: settings.engine,
        threads: settings.threads,
        ...(flags.batch !== undefined && { batchSize: flags.batch }),
        reporter: this.reporter,
        signal,
      }),
    )
    this.reporter.close()
    this.log(`${args.model} on ${evaluation.images} images:`)
    for (const [name, value] of Object.entries(evaluation.metrics)) this.log(`  ${name.padEnd(28)} ${value.toFixed(4)}`)
    const task = await registry.get('task', bundle.task.name)
    const charts = flags.charts === undefined ? [] : await drawEvaluation(flags.charts, bundle, evaluation.details, task)
    for (const { name, theme, file } of charts) this.log(`  ${`${name}, ${theme}`.padEnd(28)} ${file}`)
    const epochs = recorded?.job.fidelity.epochs ?? null
    return {
      version: 1,
      bundle: args.model,
      images: evaluation.images,
      metrics: evaluation.metrics,
      epochs,
      charts,
      skipped: evaluation.skipped,
    }
  }
}
