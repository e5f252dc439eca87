import { classFoldersFlag, dataFlag, deviceOptionsFlag, MnasCommand, settingFlags } from '@mnas/core/cli'
import { Args, Flags } from '@oclif/core'
import type { ZooAttestAnswer } from '../../answers/index.js'
import { zooFlags } from '../../cli/zoo-flags.js'

export default class ZooAttest extends MnasCommand {
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
    to: Flags.string({ summary: 'zoo to add it to', helpValue: '<location>' }),
    out: Flags.string({ summary: 'file for it (default without --to: attestation.json)', helpValue: '<file>' }),
    data: dataFlag({ summary: 'folder of images to count right answers on' }),
    'class-folders': classFoldersFlag(),
    threads: Flags.integer({ summary: 'threads of the runtime on the device (default: as each was claimed)', min: 1, max: 64 }),
    option: deviceOptionsFlag(),
    ...zooFlags(),
    ...settingFlags('device', 'engine', 'workers', 'cacheLimit'),
  }

  async run(): Promise<ZooAttestAnswer> {
    const { args, flags } = await this.parse(ZooAttest)
    const [{ attestEntry }, { readPrivateKey }, { describeVerification }, { verifyWish }] = await Promise.all([
      import('../../attest/attest-entry.js'),
      import('../../signatures/keys.js'),
      import('../../verify/describe-verification.js'),
      import('../../verify/verify-wish.js'),
    ])
    const {
      threads,
      data,
      'class-folders': classFolders,
      device,
      zoo: zoos,
      offline,
      option: options,
      to = null,
      ...others
    } = flags
    const key = await readPrivateKey(flags.key)
    const settings = await this.settings({ ...others, ...(device !== undefined && { device }) })
    const registry = await this.registry()
    const { reporter } = this
    const out = flags.out ?? (to === null ? 'attestation.json' : null)
    const { verification, claims, sha256 } = await this.withDevices(settings, async (context) => {
      const verification = await verifyWish({
        ...{ registry, context, settings, reporter, argument: args.entry, zoos, offline },
        data: data === undefined ? null : { folder: data, ...(classFolders && { classFolders }) },
        device: device === undefined ? null : { device: settings.device, options },
        deviceThreads: threads ?? null,
      })
      const mnasVersion = this.config.version
      const wish = { registry, verification, key, data: data ?? null, out, to, mnasVersion, around: context }
      return { verification, ...(await attestEntry(wish)) }
    })
    reporter.close()
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
