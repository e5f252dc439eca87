import { Flags } from '@oclif/core'
import type { ZooListAnswer } from '../../answers/index.js'
import { ZooCommand } from '../../cli/zoo-command.js'
import { zooFlags } from '../../cli/zoo-flags.js'

export default class ZooList extends ZooCommand {
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
    const { listZoos } = await import('../../search/list-zoos.js')
    const { describeList } = await import('../../search/describe-list.js')
    const zoos = await this.withZoos(flags, (opened) => listZoos(opened, flags.all))
    this.reporter.close()
    for (const line of describeList(zoos)) this.log(line)
    return { version: 1, zoos: zoos.map(({ entries, ...zoo }) => ({ ...zoo, entries: [...entries] })) }
  }
}
