import { MnasCommand } from '@mnas/core/cli'
import { Args, Flags } from '@oclif/core'
import type { ZooTrustAnswer } from '../../../answers/index.js'

export default class ZooTrustRm extends MnasCommand {
  static override summary = 'Trust keys no longer for a pattern.'
  static override examples = ["<%= config.bin %> zoo trust rm 'me/*'", "<%= config.bin %> zoo trust rm 'me/*' --key 3f2a90c1"]
  static override args = { pattern: Args.string({ required: true, description: 'as it stands in the list' }) }
  static override flags = {
    key: Flags.string({ summary: 'only this one: the beginning of its hash (default: all of the pattern)', helpValue: '<hash>' }),
  }

  async run(): Promise<ZooTrustAnswer> {
    const { args, flags } = await this.parse(ZooTrustRm)
    const { removeTrust } = await import('../../../signatures/trust-list.js')
    const { describeTrust, trustAnswerOf } = await import('../../../signatures/describe-trust.js')
    const trust = await removeTrust(args.pattern, flags.key)
    for (const line of describeTrust(trust)) this.log(line)
    return trustAnswerOf(trust)
  }
}
