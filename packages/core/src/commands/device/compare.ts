import type { DeviceCompareAnswer } from '../../answers/index.js'
import { MnasCommand, modelArgument, onDeviceFlags, sizeFlag, taskOptionFlag, timingFlags } from '../../cli/index.js'

type Measurements = DeviceCompareAnswer['measurements']

export default class DeviceCompare extends MnasCommand {
  static override summary = 'Time several models, or model files, on one device or several, in one table.'
  static override description =
    'Each is timed as by "mnas device benchmark". Ratios are to the first model on the same device. Options are told to every device.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> exports/photos.tflite exports/photos-int8.tflite',
    '<%= config.bin %> <%= command.id %> mnasnet-a1 mobilenet-v2 --device host,android',
    '<%= config.bin %> <%= command.id %> mnasnet-a1@0.5 mobilenet-v2@0.5 --size 128 --task-option classes=6',
  ]
  static override strict = false
  static override args = {
    model: modelArgument({ required: true, description: 'MODELs and model files (.tflite), as many as are wanted' }),
  }
  static override flags = { size: sizeFlag(), 'task-option': taskOptionFlag(), ...timingFlags(), ...onDeviceFlags() }

  async run(): Promise<DeviceCompareAnswer> {
    const { argv, flags } = await this.parse(DeviceCompare)
    const { parsePairs } = await import('../../config/index.js')
    const { fullBenchmark } = await import('../../measurement/index.js')
    const { compareModels } = await import('../../deployment/index.js')
    const settings = await this.settings({ device: flags.device, 'cache-folder': flags['cache-folder'] })
    const registry = await this.registry()
    const { reporter } = this
    const { threads, runs, processes, size } = flags
    const taskOptions = parsePairs(flags['task-option'])
    const models: string[] = []
    for (const argument of argv.map(String)) models.push(await this.localModel(argument, settings))
    const measurements: Measurements[number][] = []
    for (const device of settings.device.split(',').map((name) => name.trim()))
      await this.withDevice(settings, { device, options: flags.option }, async (opened, context) => {
        const options = { ...fullBenchmark, threads, runs, processes, flags: opened.flags }
        const request = { registry, context, device: opened.device, size, taskOptions, options, reporter }
        measurements.push(...(await compareModels(request, models)))
      })
    reporter.close()
    await this.#print(measurements)
    return { version: 1, measurements }
  }

  async #print(measurements: Measurements): Promise<void> {
    const { formatTable } = await import('../../text/index.js')
    const rows = measurements.map(({ model, device, emulated, sizeBytes, latencyMs, spread, stable }) => {
      const first = measurements.find((each) => each.device === device)
      const remarks = [...(stable ? [] : ['UNSTABLE']), ...(emulated ? ['emulated'] : [])].join(', ')
      const ratio = (latencyMs / (first?.latencyMs ?? latencyMs)).toFixed(2)
      return [model, device, `${sizeBytes}`, latencyMs.toFixed(3), ratio, `${(100 * spread).toFixed(1)} %`, remarks]
    })
    const header = ['model', 'device', 'bytes', 'ms', 'ratio', 'spread', 'remarks']
    for (const line of formatTable(header, rows, ['model', 'device', 'remarks'])) this.log(line)
  }
}
