import { MnasCommand, settingFlags } from '@mnas/core/cli'
import { Args, Flags } from '@oclif/core'
import type { ZooRmAnswer } from '../../answers/index.js'

export default class ZooRm extends MnasCommand {
  static override summary = 'Withdraw a release from a zoo, and say what was made of it.'
  static override description =
    `Nothing is deleted: who asks for exactly that release, or has its digest, still gets it, with the reason; nobody else finds it any more.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> me/photos@1.1.0 --from ./zoo --reason "two labels are swapped"',
    '<%= config.bin %> <%= command.id %> me/photos@1.1.0 --from ./zoo --undo',
  ]
  static override args = { release: Args.string({ required: true, description: 'OWNER/NAME@RELEASE' }) }
  static override flags = {
    from: Flags.string({
      summary: 'the zoo: a folder, hf:OWNER/NAME, or a name of the setting "zoos"',
      helpValue: '<zoo>',
      required: true,
    }),
    reason: Flags.string({ summary: 'why', helpValue: '<text>', exclusive: ['undo'] }),
    undo: Flags.boolean({ summary: 'take a withdrawal back' }),
    key: Flags.string({ summary: "private key to sign the zoo's list with", helpValue: '<file>' }),
    ...settingFlags('cacheFolder'),
  }

  async run(): Promise<ZooRmAnswer> {
    const { args, flags } = await this.parse(ZooRm)
    const { cacheFolder, zoos } = await this.settings(flags)
    const [{ withdraw }, { zooLocation }, registry] = await Promise.all([
      import('../../upkeep/withdraw.js'),
      import('../../zoos/zoo-locations.js'),
      this.registry(),
    ])
    const warn = (text: string) => this.reporter.warn(text)
    const { reason, undo, key } = flags
    const from = zooLocation(flags.from, zoos)
    const withdrawn = await this.interruptible((signal) =>
      withdraw({ registry, around: { cacheFolder, signal, warn }, reference: args.release, from, reason, undo, key }),
    )
    this.reporter.close()
    const { name, release, dependants } = withdrawn
    this.log(`${undo ? 'Back again' : 'Withdrawn'}: ${name}@${release}`)
    if (dependants.length > 0) this.log(`Made of it: ${dependants.join(', ')}`)
    return { version: 1, zoo: from, ...withdrawn, dependants: [...dependants] }
  }
}
