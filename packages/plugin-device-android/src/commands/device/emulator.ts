import { MnasCommand, settingFlags } from '@mnas/core/cli'
import { Flags } from '@oclif/core'
import type { DeviceEmulatorAnswer } from '../../answers/index.js'

export default class DeviceEmulator extends MnasCommand {
  static override summary = 'Be a phone in software, until Ctrl-C: to try out, and to test, what needs a phone.'
  static override description =
    "Speaks adb's protocol on a free port of this computer; behind its benchmark_model is the LiteRT of this computer. It is reached through " +
    'the real adb, and everything measured on it says that it is emulated. Faults of phones come on demand: the network that breaks, heat, ' +
    'a full disk, a GPU with other answers.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --fault hot=3 --fault corrupt',
    '<%= config.bin %> <%= command.id %> --dialect compiled-model --fault vanish=20',
  ]
  static override flags = {
    fault: Flags.string({
      multiple: true,
      default: [],
      summary: 'NAME or NAME=NUMBER of what goes wrong; repeatable; an unknown one names them all',
      helpValue: '<fault>',
    }),
    dialect: Flags.option({
      options: ['classic', 'compiled-model'] as const,
      default: 'classic',
      summary: 'of its tool: that of TensorFlow Lite, or of LiteRT',
    })(),
    'fixed-ms': Flags.string({ summary: 'say of every run that it took so long, instead of timing it', helpValue: '<ms>' }),
    seconds: Flags.integer({ summary: 'end after so long (default: with Ctrl-C)', min: 1 }),
    ...settingFlags('cacheFolder'),
  }

  async run(): Promise<DeviceEmulatorAnswer> {
    const { flags } = await this.parse(DeviceEmulator)
    const { runEmulator } = await import('../../emulator/run-emulator.js')
    const settings = await this.settings({ 'cache-folder': flags['cache-folder'] })
    const { fault: faults, dialect, seconds = null } = flags
    return this.withDevices(settings, (context) =>
      runEmulator({
        context,
        faults,
        dialect,
        seconds,
        fixedMs: flags['fixed-ms'],
        onReady: (lines) => {
          for (const line of lines) this.reporter.note(line)
        },
      }),
    )
  }
}
