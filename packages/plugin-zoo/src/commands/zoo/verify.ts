import { Args, Flags } from '@oclif/core'
import type { ZooVerifyAnswer } from '../../answers/index.js'
import { verifyFlags } from '../../cli/verify-flags.js'
import { ZooCommand } from '../../cli/zoo-command.js'

export default class ZooVerify extends ZooCommand {
  static override summary = 'Look at every claim of an entry again, on this computer.'
  static override description =
    'files: hashes, signature, and what the weights and exports are made of; nothing is run that is not what the entry says, and nothing looked at where the trust list enforces a signature that is not there. outputs: the golden ' +
    'answers, through the weights and every export in its own runtime. accuracy: right answers on --data; counted against the claim on the very ' +
    'images of it, told on others. latency: on --device; compared where device, runtime and options are those of the claim. ' +
    'Ends with 0 when all that can be compared holds, else with 13 (signature), 9 (files), 10 (outputs), 11 (accuracy) or 12 (latency), the first of these.'
  static override examples = [
    '<%= config.bin %> zoo verify me/photos@1.2 --zoo ./zoo',
    '<%= config.bin %> zoo verify me/photos --data ./photos --device host',
    '<%= config.bin %> zoo verify ./entry --level files --json',
  ]
  static override args = {
    entry: Args.string({ required: true, description: 'OWNER/NAME[@RELEASE], or a folder with entry.json' }),
  }
  static override flags = {
    level: Flags.option({
      summary: 'only these, besides files (default: all)',
      options: ['files', 'outputs', 'accuracy', 'latency'] as const,
      multiple: true,
    })(),
    ...verifyFlags(),
  }

  async run(): Promise<ZooVerifyAnswer> {
    const { args, flags } = await this.parse(ZooVerify)
    const { describeVerification, verifyAnswerOf } = await import('../../verify/describe-verification.js')
    const { level, ...own } = flags
    const verification = await this.verified(args.entry, own, level, async (found) => found)
    this.reporter.close()
    for (const line of describeVerification(verification)) this.log(line)
    const { failure } = verification
    if (failure && !this.jsonEnabled()) throw failure
    if (failure) process.exitCode = failure.exitCode
    return verifyAnswerOf(verification)
  }
}
