import { MnasCommand } from '@mnas/core/cli'
import { Flags } from '@oclif/core'
import type { ZooListAnswer } from '../../answers/index.js'
import { zooFlags } from '../../cli/zoo-flags.js'

export default class ZooList extends MnasCommand {
  static override summary = 'List what zoos hold: the newest release of each model.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --zoo ./zoo --all',
    '<%= config.bin %> <%= command.id %> --zoo https://example.org/zoo --json',
  ]
  static override flags = {
    all: Flags.boolean({ summary: 'every release, withdrawn ones too' }),
    ...zooFlags(),
  }

  async run(): Promise<ZooListAnswer> {
    const { flags } = await this.parse(ZooList)
    const { cacheFolder, zoos: known } = await this.settings(flags)
    const [{ zooLocations }, { withZoos }, { listZoos }, { describeList }] = await Promise.all([
      import('../../zoos/zoo-locations.js'),
      import('../../zoos/with-zoos.js'),
      import('../../search/list-zoos.js'),
      import('../../search/describe-list.js'),
    ])
    const registry = await this.registry()
    const warn = (text: string) => this.reporter.warn(text)
    const zoos = await this.interruptible((signal) =>
      withZoos(
        zooLocations(flags.zoo, known),
        { registry, around: { cacheFolder, signal, warn }, offline: flags.offline },
        (opened) => listZoos(opened, flags.all),
      ),
    )
    this.reporter.close()
    for (const line of describeList(zoos)) this.log(line)
    return { version: 1, zoos: zoos.map(({ entries, ...zoo }) => ({ ...zoo, entries: [...entries] })) }
  }
}
