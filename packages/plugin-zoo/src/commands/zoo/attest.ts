import { Args, Flags } from '@oclif/core'
import type { ZooAttestAnswer } from '../../answers/index.js'
import { verifyFlags } from '../../cli/verify-flags.js'
import { ZooCommand } from '../../cli/zoo-command.js'

export default class ZooAttest extends ZooCommand {
  static override summary = 'Measure an entry again and sign what came of it.'
  static override description =
    'Verifies the entry as "zoo verify" does. Where its files, answers and signature hold, what was measured of its accuracy (--data) and latency ' +
    '(--device) becomes a claim of the basis "attested", signed with your key: for the zoo (--to), where it stands beside the claims of the publisher, ' +
    'or as a file (--out) for whoever keeps the zoo.'
  static override examples = [
    '<%= config.bin %> zoo attest me/photos@1.2 --zoo ./zoo --data ./photos --key mine.pem --to ./zoo',
    '<%= config.bin %> zoo attest me/photos --device android --key mine.pem --out photos-on-my-phone.json',
  ]
  static override args = {
    entry: Args.string({ required: true, description: 'OWNER/NAME[@RELEASE], or a folder with entry.json' }),
  }
  static override flags = {
    key: Flags.string({ summary: 'file of your private key ("mnas zoo key" makes one)', helpValue: '<file>', required: true }),
    to: Flags.string({
      summary: 'zoo that has the entry, to add it there: a folder, hf:OWNER/NAME, or a name of the setting "zoos"',
      helpValue: '<location>',
    }),
    out: Flags.string({ summary: 'file for it (default without --to: attestation.json)', helpValue: '<file>' }),
    ...verifyFlags(),
  }

  async run(): Promise<ZooAttestAnswer> {
    const { args, flags } = await this.parse(ZooAttest)
    const [{ attestEntry }, { readPrivateKey }, { describeVerification }, { zooLocation }] = await Promise.all([
      import('../../attest/attest-entry.js'),
      import('../../signatures/keys.js'),
      import('../../verify/describe-verification.js'),
      import('../../zoos/zoo-locations.js'),
    ])
    const { key: keyFile, to: zoo, out: outFile, ...own } = flags
    const to = zoo === undefined ? null : zooLocation(zoo, (await this.settings()).zoos)
    const key = await readPrivateKey(keyFile)
    const out = outFile ?? (to === null ? 'attestation.json' : null)
    const registry = await this.registry()
    const mnasVersion = this.config.version
    const attested = await this.verified(args.entry, own, undefined, async (verification, around) => {
      const wish = { registry, verification, key, data: own.data ?? null, out, to, mnasVersion, around }
      return { verification, ...(await attestEntry(wish)) }
    })
    const { verification, claims, sha256 } = attested
    this.reporter.close()
    for (const line of describeVerification(verification)) this.log(line)
    const { entry, digest } = verification.entry
    const [accuracy, latency] = [claims.accuracy.length, claims.latency.length]
    this.log(`Signed: ${accuracy} of accuracy, ${latency} of latency, in ${out ?? to}`)
    return {
      version: 1,
      name: entry.name,
      release: entry.release,
      digest,
      attestation: sha256,
      file: out,
      zoo: to,
      accuracy,
      latency,
    }
  }
}
