import { Args, Flags } from '@oclif/core'
import type { DeviceCreateAnswer } from '../../answers/index.js'
import { MnasCommand, quoteArgument } from '../../cli/index.js'

export default class DeviceCreate extends MnasCommand {
  static override summary = 'Write the package of a device of your own.'
  static override description =
    'Four files: a driver that times models on this computer until you put the way to your device in its place, a test that holds it against ' +
    'the contract of devices, and what npm and people need. docs/devices.md goes through them.'
  static override examples = ['<%= config.bin %> <%= command.id %> rover', '<%= config.bin %> <%= command.id %> rover --out .']
  static override args = {
    name: Args.string({ required: true, description: 'what is to stand behind --device: lower-case letters, digits, dashes' }),
  }
  static override flags = {
    out: Flags.string({ summary: 'an empty folder, or a new one (default: mnas-device-NAME)', helpValue: '<folder>' }),
    packages: Flags.string({
      summary: 'a folder with the packed packages of mnas, to be installed instead of those of the registry',
      helpValue: '<folder>',
    }),
  }

  async run(): Promise<DeviceCreateAnswer> {
    const { args, flags } = await this.parse(DeviceCreate)
    const { createDevicePackage } = await import('../../plugins/index.js')
    const { name } = args
    const { out: folder = `mnas-device-${name}`, packages } = flags
    const taken = (await this.registry()).names('device')
    const { version } = this.config
    const files = await createDevicePackage({ name, taken, folder, version, ...(packages !== undefined && { packages }) })
    for (const file of files) this.log(`${folder}/${file}`)
    const { bin } = this.config
    const next = [
      ...(folder === '.' ? [] : [`cd ${quoteArgument(folder)}`]),
      ...['npm install', 'npm test', `${bin} plugins link .`, `${bin} device benchmark mnasnet-small --device ${name}`],
    ]
    this.log('\nNext:')
    for (const command of next) this.log(`  ${command}`)
    return { version: 1, name, folder, files, next }
  }
}
