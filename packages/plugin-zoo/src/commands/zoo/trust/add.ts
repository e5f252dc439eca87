import { MnasCommand } from '@mnas/core/cli'
import { Args, Flags } from '@oclif/core'
import type { ZooTrustAnswer } from '../../../answers/index.js'

export default class ZooTrustAdd extends MnasCommand {
  static override summary = 'Trust a key for the names that a pattern takes in.'
  static override description =
    'From then on "verify" and "pull" look for a signature by it. --mode warn says so where there is none and goes on; --mode enforce goes no ' +
    'further. Where any pattern enforces, only keys of patterns that enforce count. A list of a zoo is called by the location of the zoo.'
  static override examples = [
    "<%= config.bin %> zoo trust add 'me/*' mine.pem.pub --mode enforce",
    "<%= config.bin %> zoo trust add '*' anybody.pub --mode warn",
  ]
  static override args = {
    pattern: Args.string({ required: true, description: 'names that it is trusted for; * stands for anything' }),
    key: Args.string({ required: true, description: 'file of a public key (P-256, PEM)' }),
  }
  static override flags = {
    mode: Flags.option({
      summary: 'what becomes of what it did not sign',
      options: ['warn', 'enforce'] as const,
      default: 'warn' as const,
    })(),
  }

  async run(): Promise<ZooTrustAnswer> {
    const { args, flags } = await this.parse(ZooTrustAdd)
    const [{ readPublicKey }, { addTrust }, { describeTrust, trustAnswerOf }] = await Promise.all([
      import('../../../signatures/keys.js'),
      import('../../../signatures/trust-list.js'),
      import('../../../signatures/describe-trust.js'),
    ])
    const trust = await addTrust({ pattern: args.pattern, mode: flags.mode, key: await readPublicKey(args.key) })
    for (const line of describeTrust(trust)) this.log(line)
    return trustAnswerOf(trust)
  }
}
