import type { DeviceListAnswer } from '../../answers/index.js'
import { MnasCommand, settingFlags } from '../../cli/index.js'

export default class DeviceList extends MnasCommand {
  static override summary = 'List the devices that models can be timed on.'
  static override description = 'Asks every installed device plug-in what it sees.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']
  static override flags = { ...settingFlags('cacheFolder') }

  async run(): Promise<DeviceListAnswer> {
    const { flags } = await this.parse(DeviceList)
    const { listDevices } = await import('../../measurement/index.js')
    const settings = await this.settings(flags)
    const registry = await this.registry()
    const devices = await this.withDevices(settings, (context) => listDevices(registry, context))
    const width = Math.max(0, ...devices.map(({ device }) => device.length))
    for (const { device, state, description, emulated } of devices) {
      const remarks = [
        state,
        ...(description ? [description] : []),
        ...(emulated && !state.includes('emulated') ? ['emulated'] : []),
      ]
      this.log(`${device.padEnd(width)}  ${remarks.join(', ')}`)
    }
    return { version: 1, devices }
  }
}
