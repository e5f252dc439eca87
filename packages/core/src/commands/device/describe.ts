import { Args } from '@oclif/core'
import type { DeviceDescribeAnswer } from '../../answers/index.js'
import { MnasCommand, settingFlags } from '../../cli/index.js'

export default class DeviceDescribe extends MnasCommand {
  static override summary = 'Say what a device is and what runs models on it.'
  static override description =
    'A latency belongs to the fingerprint (processor, cores, system) and the runtime (name, version, sha256) shown here.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> host --json']
  static override args = { device: Args.string({ description: 'e.g. host or android:SERIAL (default: the configured one)' }) }
  static override flags = { ...settingFlags('cacheFolder') }

  async run(): Promise<DeviceDescribeAnswer> {
    const { args, flags } = await this.parse(DeviceDescribe)
    const settings = await this.settings(flags)
    return this.withDevice({ ...settings, device: args.device ?? settings.device }, async (device) => {
      const info = await device.describe()
      this.log(`${info.name}: ${info.kind}${info.emulated ? ', emulated' : ''}`)
      this.log(`runtime      ${info.runtime.name} ${info.runtime.version} (sha256 ${info.runtime.sha256.slice(0, 12)})`)
      this.log(`formats      ${info.formats.join(', ')}`)
      this.log(`fingerprint  ${info.fingerprint.slice(0, 12)}`)
      for (const [name, value] of Object.entries(info.details)) this.log(`${name.padEnd(12)} ${String(value)}`)
      return { version: 1, ...info }
    })
  }
}
