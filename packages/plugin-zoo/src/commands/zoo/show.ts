import { Args, Flags } from '@oclif/core'
import type { ZooShowAnswer } from '../../answers/index.js'
import { ZooCommand } from '../../cli/zoo-command.js'
import { zooFlags } from '../../cli/zoo-flags.js'

export default class ZooShow extends ZooCommand {
  static override summary =
    'An entry: its card, its claims with the commands that made them, its files; where it comes from; a number over its releases.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> mnas/mnasnet-a1',
    '<%= config.bin %> <%= command.id %> me/photos@1.2 --zoo ./zoo --lineage',
    '<%= config.bin %> <%= command.id %> me/photos --zoo ./zoo --history top1',
  ]
  static override args = {
    reference: Args.string({ required: true, description: 'OWNER/NAME[@RELEASE], or a folder with an entry' }),
  }
  static override flags = {
    lineage: Flags.boolean({ summary: 'parent, training, search and front, with this network marked' }),
    history: Flags.string({ summary: 'a number over all releases: top1, …, or latency', helpValue: '<metric>' }),
    ...zooFlags(),
  }

  async run(): Promise<ZooShowAnswer> {
    const { args, flags } = await this.parse(ZooShow)
    const { attestedOf } = await import('../../show/attested-of.js')
    const { readTrust } = await import('../../signatures/trust-list.js')
    const { describeEntry } = await import('../../show/describe-entry.js')
    const { describeHistory, historyOf } = await import('../../show/history-of.js')
    const { describeLineage, lineageOf } = await import('../../show/lineage-of.js')
    return this.withFinder(flags, async (finder) => {
      const found = await finder.find(args.reference)
      const { entry, digest, zoo } = found
      const attested = attestedOf(entry, digest, await found.attestations(), await readTrust())
      const known = {
        ...(flags.lineage && { lineage: await lineageOf(found, finder) }),
        ...(flags.history !== undefined && { history: historyOf(entry.name, await found.releases(), flags.history) }),
      }
      const lines = [
        ...(known.lineage ? describeLineage(known.lineage) : []),
        ...(known.history ? describeHistory(known.history, flags.history!) : []),
      ]
      for (const line of lines.length > 0 ? lines : describeEntry(entry, attested)) this.log(line)
      return { version: 1, zoo, digest, entry, attested: attested.map(asJson), ...known }
    })
  }
}

/** Without fields that are undefined. */
const asJson = <T>(value: T) => JSON.parse(JSON.stringify(value)) as ZooShowAnswer['attested'][number]
