import { importFlags, importWish, MnasCommand, outFlag } from '@mnas/core/cli'
import { Args } from '@oclif/core'
import type { ZooPullAnswer } from '../../answers/index.js'
import { zooFlags } from '../../cli/zoo-flags.js'

export default class ZooPull extends MnasCommand {
  static override summary = 'Bring a model of a zoo, or weights of the Hugging Face hub, here as a bundle.'
  static override description =
    `Every file is checked by its sha256; what was cut off is gone on with; the folder is there whole or not at all. What REF resolved to stands in
model.json. In zoos @1.2 is the newest 1.2.x that was not withdrawn, @sha256:… always the same. Weights as timm publishes them (hf:timm/…) become a
bundle with their labels, preprocessing and licence; what their config.json leaves open, --mean, --std, --padding, --epsilon, --crop-fraction and --labels
say, and never another than it has.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> me/photos@1.2 --out models/photos',
    '<%= config.bin %> <%= command.id %> me/photos --zoo https://example.org/zoo',
    '<%= config.bin %> <%= command.id %> hf:timm/mnasnet_100.rmsp_in1k --out models/mnasnet',
  ]
  static override args = {
    ref: Args.string({ required: true, description: 'OWNER/NAME[@RELEASE|@sha256:…], hf:OWNER/REPO[@REVISION], or an address' }),
  }
  static override flags = {
    out: outFlag({ summary: "the bundle's folder (default: models/NAME)" }),
    ...importFlags(),
    ...zooFlags(),
  }

  async run(): Promise<ZooPullAnswer> {
    const { args, flags } = await this.parse(ZooPull)
    const { cacheFolder, zoos } = await this.settings(flags)
    const registry = await this.registry()
    const [{ join }, { modelSourceContext }, { formatSize }, { pullReference }, { nameInReference }] = await Promise.all([
      import('node:path'),
      import('@mnas/core/bundle'),
      import('@mnas/core/config'),
      import('../../pull/pull-reference.js'),
      import('../../reference/name-in-reference.js'),
    ])
    const out = flags.out ?? join('models', nameInReference(args.ref))
    const warn = (text: string) => this.reporter.warn(text)
    const onBytes = (done: number, total: number) => this.reporter.progress({ done, total, unit: 'bytes' })
    this.reporter.stage('pull', args.ref)
    const pulled = await this.interruptible((signal) => {
      const context = modelSourceContext(registry, zoos, { cacheFolder, signal, warn })
      return pullReference({
        reference: args.ref,
        zoos: flags.zoo,
        offline: flags.offline,
        out,
        wish: importWish(flags),
        context,
        onBytes,
      })
    })
    this.reporter.close()
    const { outcome, reference, fetchedBytes } = pulled
    this.log(`${said[outcome]} ${out}: ${reference}${pulled.release === null ? '' : ` (${pulled.name}@${pulled.release})`}`)
    if (fetchedBytes !== null)
      this.log(`${pulled.files} files, ${formatSize(fetchedBytes)} of them fetched, licence ${pulled.licence}`)
    return { version: 1, bundle: out, ...pulled }
  }
}

const said = {
  pulled: 'Pulled into',
  imported: 'Imported into',
  unchanged: 'Nothing changed in',
} as const satisfies Record<ZooPullAnswer['outcome'], string>
