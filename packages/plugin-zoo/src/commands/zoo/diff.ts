import { Args } from '@oclif/core'
import type { ZooDiffAnswer } from '../../answers/index.js'
import { ZooCommand } from '../../cli/zoo-command.js'
import { zooFlags } from '../../cli/zoo-flags.js'

export default class ZooDiff extends ZooCommand {
  static override summary = 'What two entries say otherwise: network, numbers, licence, origin, files.'
  static override description =
    'Numbers stand side by side where basis, images or device, runtime and flags are the same; of others each entry has ' +
    'its own row.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> me/photos@1.1 me/photos@1.2 --zoo ./zoo',
    '<%= config.bin %> <%= command.id %> mnas/mnasnet-a1 mnas/mnasnet-b1 --json',
  ]
  static override args = {
    a: Args.string({ required: true, description: 'OWNER/NAME[@RELEASE], or a folder with an entry' }),
    b: Args.string({ required: true, description: 'the other' }),
  }
  static override flags = {
    ...zooFlags(),
  }

  async run(): Promise<ZooDiffAnswer> {
    const { args, flags } = await this.parse(ZooDiff)
    const { describeDiff } = await import('../../diff/describe-diff.js')
    const { diffBlocks } = await import('../../diff/diff-blocks.js')
    const { diffEntries } = await import('../../diff/diff-entries.js')
    return this.withFinder(flags, async (finder) => {
      const [a, b] = [await finder.find(args.a), await finder.find(args.b)]
      const diff = diffEntries(a.entry, b.entry)
      const blocks = await diffBlocks(a, b)
      for (const line of describeDiff(diff, blocks)) this.log(line)
      const [of, and] = [a, b].map(({ zoo, digest, entry }) => ({ zoo, name: entry.name, release: entry.release, digest }))
      return { version: 1, a: of!, b: and!, ...diff, blocks }
    })
  }
}
