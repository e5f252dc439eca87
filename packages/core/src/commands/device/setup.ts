import { Args, Flags } from '@oclif/core'
import type { DeviceSetupAnswer } from '../../answers/index.js'
import { deviceOptionsFlag, MnasCommand, settingFlags } from '../../cli/index.js'

export default class DeviceSetup extends MnasCommand {
  static override summary = 'Install what a device needs to time models.'
  static override description =
    'Says what it will do and asks first, unless --yes. For host: the native LiteRT library, checked against a known sha256, into the cache ' +
    'folder; with --option library=PATH one that you have. For android: a benchmark_model of yours, kept for phones of its processor. ' +
    'For ssh:HOST: the library for the processor of the board, and onto the board.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> host',
    '<%= config.bin %> <%= command.id %> host --yes',
    '<%= config.bin %> <%= command.id %> host --option library=~/lib/libLiteRt.so',
    '<%= config.bin %> <%= command.id %> android --option benchmark-model=android_aarch64_benchmark_model --option sha256=SHA256',
    '<%= config.bin %> <%= command.id %> ssh:pi@raspberry',
  ]
  static override args = { device: Args.string({ required: true, description: 'e.g. host, android:SERIAL or ssh:HOST' }) }
  static override flags = {
    option: deviceOptionsFlag(),
    yes: Flags.boolean({ summary: 'do not ask', char: 'y' }),
    ...settingFlags('cacheFolder'),
  }

  async run(): Promise<DeviceSetupAnswer> {
    const { args, flags } = await this.parse(DeviceSetup)
    const { setUpDevice } = await import('../../measurement/index.js')
    const settings = await this.settings(flags)
    const registry = await this.registry()
    const runtime = await this.withDevices(settings, (context) =>
      setUpDevice({
        registry,
        context,
        device: args.device,
        options: flags.option,
        confirm: async (steps) => {
          for (const step of steps) this.logToStderr(`- ${step}`)
          return flags.yes || this.#ask(args.device, context.signal)
        },
      }),
    )
    this.log(`${args.device} is ready: ${runtime.name} ${runtime.version} (sha256 ${runtime.sha256.slice(0, 12)})`)
    return { version: 1, device: args.device, runtime }
  }

  /** On stderr: with --json, stdout carries the answer alone. @throws MNAS_CONFIRMATION_NEEDED without a terminal */
  async #ask(device: string, signal: AbortSignal): Promise<boolean> {
    if (!process.stdin.isTTY || !process.stderr.isTTY) {
      const { measurementErrors } = await import('../../measurement/index.js')
      throw measurementErrors.MNAS_CONFIRMATION_NEEDED({ action: `set up ${device}` })
    }
    const { createInterface } = await import('node:readline/promises')
    const terminal = createInterface({ input: process.stdin, output: process.stderr })
    // While it asks, the terminal is read key by key, and Ctrl-C is one of them.
    terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
    try {
      return /^y(es)?$/i.test((await terminal.question('Go on? [y/N] ', { signal })).trim())
    } finally {
      terminal.close()
    }
  }
}
