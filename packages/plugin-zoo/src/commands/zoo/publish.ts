import { MnasCommand, modelArgument, settingFlags } from '@mnas/core/cli'
import { Flags } from '@oclif/core'
import type { ZooPublishAnswer } from '../../answers/index.js'

export default class ZooPublish extends MnasCommand {
  static override summary = 'Publish a trained model into a zoo, with everything that makes its numbers believable.'
  static override description =
    'The entry is made of the bundle: its weights and exports, the claims of `train` and `deploy` with the commands ' +
    'that made them, the search that found it, golden answers and a card. Nothing is published that names this ' +
    'computer, or that nobody may use. A release never changes: the same bytes again are no change, others need another ' +
    '--release.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> models/photos --to ./zoo --name me/photos --licence MIT',
    '<%= config.bin %> <%= command.id %> models/photos --to ./zoo --name me/photos --licence MIT --release 1.1.0 --card card.yaml',
    '<%= config.bin %> <%= command.id %> models/photos --to ./zoo --name me/photos --licence MIT --dry-run',
  ]
  static override args = { model: modelArgument({ required: true }) }
  static override flags = {
    to: Flags.string({
      summary: 'the zoo: a folder, hf:OWNER/NAME, or a name of the setting "zoos"',
      helpValue: '<zoo>',
      required: true,
    }),
    name: Flags.string({ summary: 'whose it is, and what it is called', helpValue: '<owner/name>', required: true }),
    release: Flags.string({ summary: 'version of the model', helpValue: '<x.y.z>', default: '1.0.0' }),
    licence: Flags.string({
      summary: 'of the weights, as SPDX calls it (default: of weights that were imported or pulled, their own)',
      helpValue: '<spdx>',
      aliases: ['license'],
    }),
    relicense: Flags.string({
      summary: 'why it is another licence than that of the weights it began with',
      helpValue: '<reason>',
    }),
    'data-name': Flags.string({ summary: 'what the images are called (default: their folder)', helpValue: '<name>' }),
    'data-licence': Flags.string({ summary: 'of the images, as SPDX calls it', helpValue: '<spdx>', aliases: ['data-license'] }),
    'data-terms': Flags.string({ summary: 'under which terms the images may be used, in words', helpValue: '<text>' }),
    card: Flags.string({ summary: 'YAML with summary, intendedUse, limits and risks', helpValue: '<file>' }),
    key: Flags.string({ summary: 'private key to sign the release and the list with', helpValue: '<file>' }),
    'allow-emulated': Flags.boolean({ summary: 'publish latencies of emulated devices too, marked as such for ever' }),
    'dry-run': Flags.boolean({ summary: 'show what would be published, and every claim; write nothing' }),
    ...settingFlags('engine', 'threads', 'cacheFolder'),
  }

  async run(): Promise<ZooPublishAnswer> {
    const { args, flags } = await this.parse(ZooPublish)
    const settings = await this.settings(flags)
    const registry = await this.registry()
    const { publishModel } = await import('../../publish/publish-model.js')
    const { readCardTexts } = await import('../../publish/card/card-texts.js')
    const { goldenAnswers } = await import('../../verify/golden/golden-answers.js')
    const { describeEntry } = await import('../../show/describe-entry.js')
    const { zooLocation } = await import('../../zoos/zoo-locations.js')
    const model = await this.localModel(args.model, settings)
    const card = flags.card === undefined ? {} : await readCardTexts(flags.card)
    const published = await this.interruptible((signal) =>
      publishModel({
        registry,
        model,
        to: zooLocation(flags.to, settings.zoos),
        name: flags.name,
        release: flags.release,
        licence: flags.licence,
        relicense: flags.relicense,
        dataName: flags['data-name'],
        dataLicence: flags['data-licence'],
        dataTerms: flags['data-terms'],
        card,
        allowEmulated: flags['allow-emulated'],
        key: flags.key,
        dryRun: flags['dry-run'],
        engine: settings.engine,
        threads: settings.threads,
        answers: goldenAnswers,
        around: { cacheFolder: settings.cacheFolder, signal, warn: (text) => this.reporter.warn(text) },
        reporter: this.reporter,
        mnasVersion: this.config.version,
      }),
    )
    this.reporter.close()
    const { zoo, digest, outcome, generation, entry } = published
    for (const line of describeEntry(entry)) this.log(line)
    this.log('')
    this.log(`${said[outcome]} ${entry.name}@${entry.release} (sha256 ${digest}) in ${zoo}`)
    return { version: 1, zoo, digest, outcome, generation, entry }
  }
}

const said = {
  published: 'Published',
  unchanged: 'Nothing changed:',
  'dry-run': 'Nothing was written; it would be',
} as const satisfies Record<ZooPublishAnswer['outcome'], string>
