import type { DeviceBenchmarkAnswer } from '../../answers/index.js'
import {
  durationFlag,
  MnasCommand,
  modelOrFileArgument,
  onDeviceFlags,
  sizeFlag,
  taskOptionFlag,
  timingFlags,
} from '../../cli/index.js'

export default class DeviceBenchmark extends MnasCommand {
  static override summary = 'Time a model, or a model file, on a device.'
  static override description =
    'Always measures afresh: the median of the medians of several fresh processes. When these differ by more than 5 %, it measures again, up ' +
    'to three times, and marks what stays unstable. A model without trained weights gets random ones: they cost the same time. ' +
    "A model file may be anybody's: an open batch is taken as 1, and the inputs are drawn by their types."
  static override examples = [
    '<%= config.bin %> <%= command.id %> mnasnet-a1',
    '<%= config.bin %> <%= command.id %> model.tflite --device host --threads 2',
    '<%= config.bin %> <%= command.id %> mnasnet-a1 --size 96 --task-option classes=6 --json',
    '<%= config.bin %> <%= command.id %> mnasnet-a1 --device android --sustained 10m',
  ]
  static override args = { model: modelOrFileArgument() }
  static override flags = {
    size: sizeFlag(),
    'task-option': taskOptionFlag(),
    ...timingFlags(),
    sustained: durationFlag({ summary: 'then run it on and on for so long, and say what becomes of its latency, e.g. 60s' }),
    ...onDeviceFlags(),
  }

  async run(): Promise<DeviceBenchmarkAnswer> {
    const { args, flags } = await this.parse(DeviceBenchmark)
    const { parsePairs } = await import('../../config/index.js')
    const { formatLatency, fullBenchmark } = await import('../../measurement/index.js')
    const { benchmarkModel, describeBenchmark } = await import('../../deployment/index.js')
    const settings = await this.settings({ device: flags.device, 'cache-folder': flags['cache-folder'] })
    const registry = await this.registry()
    const { reporter } = this
    const model = await this.localModel(args.model, settings)
    const { threads, runs, processes, size } = flags
    const wish = { device: settings.device, options: flags.option }
    return this.withDevice(settings, wish, async ({ device, flags: told }, context) => {
      const options = { ...fullBenchmark, threads, runs, processes, flags: told }
      const request = { registry, context, device, model, size, taskOptions: parsePairs(flags['task-option']), options, reporter }
      const report = await benchmarkModel(request, flags.sustained === undefined ? null : flags.sustained / 1000)
      reporter.close()
      this.log(
        `${report.model} on ${report.device} with ${report.runtime.name} ${report.runtime.version}: ${formatLatency(report, report.emulated)}`,
      )
      for (const line of describeBenchmark(report)) this.log(line)
      return report
    })
  }
}
