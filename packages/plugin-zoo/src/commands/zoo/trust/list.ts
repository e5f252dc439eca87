import { MnasCommand } from '@mnas/core/cli'
import type { ZooTrustAnswer } from '../../../answers/index.js'

export default class ZooTrustList extends MnasCommand {
  static override summary = 'Whose signatures count for which names.'
  static override examples = ['<%= config.bin %> zoo trust list', '<%= config.bin %> zoo trust list --json']

  async run(): Promise<ZooTrustAnswer> {
    await this.parse(ZooTrustList)
    const { readTrust } = await import('../../../signatures/trust-list.js')
    const { describeTrust, trustAnswerOf } = await import('../../../signatures/describe-trust.js')
    const trust = await readTrust()
    for (const line of describeTrust(trust)) this.log(line)
    return trustAnswerOf(trust)
  }
}
