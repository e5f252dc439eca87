import type { DeviceProfileAnswer } from '../../answers/index.js'
import { MnasCommand, modelOrFileArgument, onDeviceFlags, sizeFlag, taskOptionFlag } from '../../cli/index.js'

export default class DeviceProfile extends MnasCommand {
  static override summary = 'Say where the time of a model goes, layer by layer, on a device that can tell.'
  static override description =
    'A run of its own: profiling slows a model down, so the latency is what "mnas device benchmark" says. A delegate (XNNPACK, a GPU) runs ' +
    'many layers as one.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> mnasnet-a1 --device android',
    '<%= config.bin %> <%= command.id %> model.tflite --device android:SERIAL --json',
  ]
  static override args = { model: modelOrFileArgument() }
  static override flags = { size: sizeFlag(), 'task-option': taskOptionFlag(), ...onDeviceFlags() }

  async run(): Promise<DeviceProfileAnswer> {
    const { args, flags } = await this.parse(DeviceProfile)
    const { parsePairs } = await import('../../config/index.js')
    const { fullBenchmark } = await import('../../measurement/index.js')
    const { profileModel } = await import('../../deployment/index.js')
    const { formatTable } = await import('../../text/index.js')
    const settings = await this.settings({ device: flags.device, 'cache-folder': flags['cache-folder'] })
    const registry = await this.registry()
    const { reporter } = this
    const model = await this.localModel(args.model, settings)
    const { threads, size } = flags
    const wish = { device: settings.device, options: flags.option }
    return this.withDevice(settings, wish, async ({ device, flags: told }, context) => {
      const options = { ...fullBenchmark, threads, flags: told }
      const request = { registry, context, device, model, size, taskOptions: parsePairs(flags['task-option']), options, reporter }
      const profile = await profileModel(request)
      reporter.close()
      const rows = profile.rows
        .toSorted((a, b) => b.latencyMs - a.latencyMs)
        .map(({ op, nodes, latencyMs, calls, unit }) => [latencyMs.toFixed(3), op, unit, `${calls}`, nodes.join(', ')])
      this.log(`${profile.model} on ${profile.device}${profile.emulated ? ' (emulated)' : ''}`)
      for (const line of formatTable(['ms', 'op', 'unit', 'calls', 'tensors'], rows, ['op', 'tensors'])) this.log(line)
      return profile
    })
  }
}
