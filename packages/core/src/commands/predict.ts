import { Args, Flags } from '@oclif/core'
import type { PredictAnswer } from '../answers/index.js'
import { fractionFlag, MnasCommand, modelArgument, settingFlags } from '../cli/index.js'

export default class Predict extends MnasCommand {
  static override summary = 'Say what a trained model sees in images.'
  static override examples = [
    '<%= config.bin %> predict models/photos cat.jpg',
    '<%= config.bin %> predict models/photos holiday another-photo.png --top 1 --json',
    '<%= config.bin %> predict models/things street.jpg --threshold .5 --draw drawn',
  ]
  static override usage = 'predict MODEL IMAGE... [FLAGS]'
  static override strict = false
  static override args = {
    model: modelArgument({ description: 'a bundle, or a run with a trained one', required: true }),
    images: Args.string({ description: 'image files, and folders of them', required: true }),
  }
  static override flags = {
    draw: Flags.string({
      summary: 'folder for the images with the answers drawn on them; for tasks that draw',
      helpValue: '<folder>',
    }),
    top: Flags.integer({ summary: 'how many answers to print per image', default: 3, min: 1 }),
    threshold: fractionFlag({ summary: 'least score of what is told, for tasks that have one (default: that of the task)' }),
    ...settingFlags('engine'),
  }

  async run(): Promise<PredictAnswer> {
    const { args, argv, flags } = await this.parse(Predict)
    const settings = await this.settings(flags)
    const { drawAnswers, loadTrained, predictImages, requireDrawing } = await import('../workflows/index.js')
    const { bundle, weights } = await loadTrained(await this.localModel(args.model, settings))
    const registry = await this.registry()
    const images = (argv as string[]).slice(1)
    const task = await registry.get('task', bundle.task.name)
    if (flags.draw !== undefined) await requireDrawing(flags.draw, task, images)
    const { threshold, top } = flags
    const options = threshold === undefined ? {} : { threshold }
    const answers = await this.interruptible((signal) =>
      predictImages({ registry, bundle, weights, images, options, engine: settings.engine, reporter: this.reporter, signal }),
    )
    this.reporter.close()
    for (const { image, output, error } of answers) {
      this.log(error ? `${image}: ${error.message}` : `${image}: ${task.formatOutput(output, top)}`)
    }
    const drawings = flags.draw === undefined ? [] : await drawAnswers(flags.draw, task, answers)
    for (const file of drawings) this.log(file)
    const failed = answers.find(({ error }) => error !== null)?.error
    if (failed) process.exitCode = failed.exitCode
    return { version: 1, predictions: answers, ...(flags.draw !== undefined && { drawings }) }
  }
}
