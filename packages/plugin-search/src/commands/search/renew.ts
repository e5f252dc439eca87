import { durationFlag, MnasCommand } from '@mnas/core/cli'
import { Args, Flags } from '@oclif/core'
import type { SearchRenewAnswer } from '../../answers/index.js'

const defaultLeaseMs = 3_600_000

export default class SearchRenew extends MnasCommand {
  static override summary = 'Keep a trial that you are still training: its lease ends later.'
  static override description =
    `Ends with an error when the trial is no longer yours: it was given to another, or somebody has told what came of it. Then stop training it.`
  static override examples = ['<%= config.bin %> search renew runs/mine --lease 7-1 --for 2h']
  static override args = { run: Args.string({ required: true, description: 'folder of the run ("mnas search new")' }) }
  static override flags = {
    lease: Flags.string({ required: true, summary: 'as "mnas search ask" gave it, e.g. 7-1', helpValue: '<lease>' }),
    for: durationFlag({ summary: 'from now on (default: 1h)' }),
  }

  async run(): Promise<SearchRenewAnswer> {
    const { args, flags } = await this.parse(SearchRenew)
    const { describeLease } = await import('../../asked/describe-lease.js')
    const { renewLease } = await import('../../asked/renew-lease.js')
    const renewed = await renewLease(args.run, flags.lease, Date.now() + (flags.for ?? defaultLeaseMs))
    const lease = describeLease(renewed)
    this.log(`Lease ${lease.id} ends ${lease.until}`)
    return { version: 1, run: args.run, trial: renewed.trial, lease }
  }
}
