import { Flags } from '@oclif/core'
import type { TrainAnswer } from '../answers/index.js'
import {
  classFoldersFlag,
  dataFlag,
  durationFlag,
  MnasCommand,
  modelArgument,
  outFlag,
  quoteArgument,
  settingFlags,
  sizeFlag,
} from '../cli/index.js'
import type { Settings } from '../config/index.js'

export default class Train extends MnasCommand {
  static override summary = 'Train a model on your images: a network by name, an architecture file, or the best of a search.'
  static override description =
    `Writes a bundle (model.json, weights.safetensors, pictures in charts/) and, beside it, local/ with checkpoints.
A part of the training images is held out to choose the best epoch. The validation images (val/, or a seeded part of each class) are
looked at once, at the end. Killed or interrupted, the same command goes on from the last checkpoint, bit for bit.
--init BUNDLE begins with a bundle's weights: with a new head, unless task and classes are the same, with mean and std as that model
needs them, and with the recipe fine-tune where the task has it. Of another named recipe it takes a tenth of the learning rate, or all
of it where the new head has several layers. A recipe file is taken as it stands.
MODEL --continue goes on where a bundle's training ended.`
  static override examples = [
    '<%= config.bin %> train mnasnet-a1@0.5 --data photos --size 160',
    '<%= config.bin %> train runs/photos --data photos --epochs 60',
    '<%= config.bin %> train runs/photos --data photos --candidate 1f0c9a2b3d4e',
    '<%= config.bin %> train my-network.json --data photos --out models/mine --json',
    '<%= config.bin %> train mnasnet-a1 --data photos --recipe stronger-crops.json',
    '<%= config.bin %> train mnasnet-a1@0.5 --data photos --size 160 --time 20m',
    '<%= config.bin %> train --init models/semnasnet_100 --data photos',
    '<%= config.bin %> train --init models/semnasnet_100 --data photos --freeze stem,1,2',
    '<%= config.bin %> train models/photos --continue --epochs 30',
  ]
  static override usage = [
    'train MODEL --data <folder> [FLAGS]',
    'train --init <bundle> --data <folder> [FLAGS]',
    'train MODEL --continue [FLAGS]',
  ]
  static override args = {
    model: modelArgument({ description: 'architecture name, architecture file or search run; with --continue a bundle or run' }),
  }
  static override flags = {
    data: dataFlag({
      summary: 'folder of images: one folder per class, or train/ and val/ (with --continue default: the same as before)',
    }),
    'class-folders': classFoldersFlag(),
    task: Flags.string({
      summary: 'what is to be learned (default: the task of the network), by the name of an installed task',
      helpValue: '<task>',
      exclusive: ['continue'],
    }),
    candidate: Flags.string({
      summary: 'which network of a search run (default: its best; a search for a front has no best and asks)',
      helpValue: '<id>',
    }),
    init: Flags.string({ summary: 'bundle whose weights are fine-tuned, instead of MODEL', helpValue: '<bundle>' }),
    freeze: Flags.string({
      summary: 'stages whose weights stay as they are: stem and rows of the table, e.g. stem,1,2',
      helpValue: '<stages>',
      dependsOn: ['init'],
    }),
    continue: Flags.boolean({
      summary: 'go on with the training of a bundle, into a new one',
      exclusive: ['init', 'size', 'batch', 'accumulate', 'recipe', 'seed', 'engine', 'accelerator', 'threads'],
    }),
    epochs: Flags.integer({
      summary: "passes over the training images (default: the recipe's; with --continue: more of them, default: as many again)",
      min: 1,
    }),
    time: durationFlag({
      summary: 'as many epochs as fit into so much time, e.g. 20m, at most 400: measured at the start, then fixed and recorded',
      exclusive: ['epochs', 'continue'],
    }),
    size: sizeFlag(),
    fit: Flags.string({
      summary: 'how photos come into the square input, where a task leaves a choice: stretch or letterbox for detection',
      helpValue: '<kind>',
      exclusive: ['continue'],
    }),
    batch: Flags.integer({ summary: "images per step (default: the recipe's)", min: 2 }),
    accumulate: Flags.integer({
      summary: "steps whose gradients make one update (default: the recipe's): large updates in little memory",
      min: 1,
    }),
    recipe: Flags.string({
      summary:
        'how to train: quick (default), fine-tune (default with --init), paper, proxy, or a JSON file of what differs (docs/recipes.md)',
      helpValue: '<name|file>',
    }),
    'keep-checkpoints': Flags.integer({
      summary: 'how many of the last checkpoints stay, besides the best weights',
      default: 1,
      min: 1,
      max: 100,
    }),
    seed: Flags.integer({ summary: 'of weights, order and crops', default: 0, min: 0 }),
    out: outFlag({
      summary:
        "the bundle's folder (default: models/<model>-<data folder>, or models/<run> for a run of the same name; <bundle>-continued)",
    }),
    ...settingFlags('engine', 'accelerator', 'threads', 'workers', 'cacheFolder', 'cacheLimit'),
  }

  async run(): Promise<TrainAnswer> {
    const { args, flags } = await this.parse(Train)
    const settings = await this.settings(flags)
    const [
      { basename, join, relative, resolve },
      { forTask, scaleArchitecture },
      { trainToBundle, whatToTrain },
      { defaultRecipe, loadRecipe },
      { formatHeadline },
    ] = await Promise.all([
      import('node:path'),
      import('../architecture/index.js'),
      import('../workflows/index.js'),
      import('../training/index.js'),
      import('../text/index.js'),
    ])
    const [argument, init] = [await this.#local(args.model, settings), await this.#local(flags.init, settings)]
    // One out of the cache stays as it is.
    const aside = argument === args.model ? undefined : join('models', `${basename(argument!)}-continued`)
    const said = { ...flags, init, out: flags.out ?? (flags.continue ? aside : undefined) }
    const { model, start, data, out } = await whatToTrain(argument, { ...said, classFolders: flags['class-folders'] })
    const scaled = flags.size ? scaleArchitecture(model.architecture, { inputSize: flags.size }) : model.architecture
    const architecture = forTask(scaled, flags.task)
    const registry = await this.registry()
    const task = await registry.get('task', architecture.task.name)
    const recipeName = flags.recipe ?? defaultRecipe(task, { knownWeights: flags.init !== undefined })
    const recipe = await loadRecipe(recipeName, task)
    const trained = await this.interruptible(
      (signal) =>
        trainToBundle({
          registry,
          architecture,
          data: {
            ...data,
            folder: resolve(data.folder),
            cacheFolder: settings.cacheFolder,
            cacheLimitBytes: settings.cacheLimit,
            workers: settings.workers,
          },
          out: resolve(out),
          recipe,
          recipeIsNamed: Object.hasOwn(task.recipes, recipeName),
          ...(start && { start }),
          ...(model.run && { run: model.run }),
          changes: {
            ...(flags.epochs && { epochs: flags.epochs }),
            ...(flags.batch && { batchSize: flags.batch }),
            ...(flags.accumulate && { accumulate: flags.accumulate }),
          },
          ...(flags.time !== undefined && { timeMs: flags.time }),
          ...(flags.fit !== undefined && { fit: flags.fit }),
          seed: flags.seed,
          checkpointsKept: flags['keep-checkpoints'],
          wish: { engine: settings.engine, accelerator: settings.accelerator, threads: settings.threads },
          mnasVersion: this.config.version,
          reporter: this.reporter,
          signal,
        }),
      `${this.config.bin} train ${this.argv.map(quoteArgument).join(' ')}`,
    )
    this.reporter.close()
    const epochs = trained.result.history.length
    const reached = formatHeadline(task.headlines[0], trained.validation)
    this.log(`${out}: ${reached} on the validation images after ${epochs} epochs`)
    const charts = trained.charts.map((chart) => ({ ...chart, file: join(out, relative(trained.out, chart.file)) }))
    const pictures = charts.filter(({ theme }) => theme === 'light').map(({ file }) => file)
    if (pictures.length > 0) this.log(`Pictures: ${pictures.join(', ')} (and -dark.svg)`)
    this.log(`Deploy it with: ${this.config.bin} deploy ${quoteArgument(out)}`)
    return {
      version: 1,
      bundle: out,
      metrics: trained.validation,
      epochs,
      heldOut: trained.result.metrics,
      history: trained.result.history,
      charts,
      skipped: trained.result.skipped,
    }
  }
  async #local(argument: string | undefined, settings: Settings): Promise<string | undefined> {
    return argument === undefined ? undefined : this.localModel(argument, settings)
  }
}
