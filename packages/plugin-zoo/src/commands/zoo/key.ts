import { MnasCommand } from '@mnas/core/cli'
import { Flags } from '@oclif/core'
import type { ZooKeyAnswer } from '../../answers/index.js'

export default class ZooKey extends MnasCommand {
  static override summary = 'Make a key to sign what you publish.'
  static override description =
    'Writes a private key (P-256, PEM, mode 600) and beside it the public one, which others give to "mnas zoo trust add". ' +
    'A file that is there already stays as it is.'
  static override examples = [
    '<%= config.bin %> zoo key --out mine.pem',
    '<%= config.bin %> zoo publish models/photos --key mine.pem',
  ]
  static override flags = {
    out: Flags.string({
      summary: 'file of the private key; the public one is called FILE.pub',
      helpValue: '<file>',
      required: true,
    }),
  }

  async run(): Promise<ZooKeyAnswer> {
    const { flags } = await this.parse(ZooKey)
    const { makeKey } = await import('../../signatures/keys.js')
    const { privatePath, publicPath, id } = await makeKey(flags.out)
    this.log(`${privatePath}: the private key; keep it to yourself`)
    this.log(`${publicPath}: the public key ${id.slice(0, 12)}; give it away`)
    return { version: 1, private: privatePath, public: publicPath, key: id }
  }
}
