import { Args } from '@oclif/core'
import type { DoctorAnswer } from '../../answers/index.js'
import { deviceOptionsFlag, MnasCommand, settingFlags } from '../../cli/index.js'

export default class DeviceDoctor extends MnasCommand {
  static override summary = 'Check that devices can be reached and run models.'
  static override description = `Asks the drivers what they need, and opens each device. Nothing is timed.
Exit status: 0 without ✗, else 1.`
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> host',
    '<%= config.bin %> <%= command.id %> android --json',
  ]
  static override args = { device: Args.string({ description: 'e.g. host or android:SERIAL (default: all that are seen)' }) }
  static override flags = { option: deviceOptionsFlag(), ...settingFlags('cacheFolder') }

  async run(): Promise<DoctorAnswer> {
    const { args, flags } = await this.parse(DeviceDoctor)
    const { checkDevices, doctorAnswerOf, formatChecks } = await import('../../doctor/index.js')
    const settings = await this.settings({ 'cache-folder': flags['cache-folder'] })
    const registry = await this.registry()
    const wish = args.device === undefined ? null : { device: args.device, options: flags.option }
    const checks = await this.withDevices(settings, (context) => checkDevices(registry, context, wish))
    this.reporter.close()
    for (const line of formatChecks(checks, 'Every device that is seen can be used.')) this.log(line)
    const answer = doctorAnswerOf(checks)
    if (!answer.ok) process.exitCode = 1
    return answer
  }
}
