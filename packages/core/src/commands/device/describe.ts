import { Args } from '@oclif/core'
import type { DeviceDescribeAnswer } from '../../answers/index.js'
import { deviceOptionsFlag, MnasCommand, settingFlags } from '../../cli/index.js'
import type { ListedOption } from '../../measurement/index.js'

export default class DeviceDescribe extends MnasCommand {
  static override summary = 'Say what a device is, what runs models on it and which options it has.'
  static override description =
    'A latency belongs to the fingerprint (processor, cores, system), the runtime (name, version, sha256) and what a benchmark was told.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> host --json']
  static override args = { device: Args.string({ description: 'e.g. host or android:SERIAL (default: the configured one)' }) }
  static override flags = { option: deviceOptionsFlag(), ...settingFlags('cacheFolder') }

  async run(): Promise<DeviceDescribeAnswer> {
    const { args, flags } = await this.parse(DeviceDescribe)
    const { listOptions } = await import('../../measurement/index.js')
    const settings = await this.settings(flags)
    const registry = await this.registry()
    const wish = { device: args.device ?? settings.device, options: flags.option }
    return this.withDevice(settings, wish, async ({ device }) => {
      const info = await device.describe()
      const options = await listOptions(registry, wish.device)
      this.log(`${info.name}: ${info.kind}${info.emulated ? ', emulated' : ''}`)
      this.log(`runtime      ${info.runtime.name} ${info.runtime.version} (sha256 ${info.runtime.sha256.slice(0, 12)})`)
      this.log(`formats      ${info.formats.join(', ')}`)
      this.log(`fingerprint  ${info.fingerprint.slice(0, 12)}`)
      for (const [name, value] of Object.entries(info.details)) this.log(`${name.padEnd(12)} ${String(value)}`)
      for (const option of options) this.log(`--option ${option.name}=${valueText(option)}  ${option.summary}${useText(option)}`)
      return { version: 1, ...info, options }
    })
  }
}

const valueText = ({ kind, choices }: ListedOption) => choices?.join('|') ?? (kind === 'flag' ? 'true|false' : `<${kind}>`)

function useText({ use }: ListedOption): string {
  switch (use) {
    case 'device':
      return ''
    case 'benchmark':
      return ' (of a benchmark)'
    case 'setup':
      return ' (of its set-up)'
    default:
      return use satisfies never
  }
}
