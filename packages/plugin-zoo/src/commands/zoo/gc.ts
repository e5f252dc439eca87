import { MnasCommand, settingFlags } from '@mnas/core/cli'
import { Args, Flags } from '@oclif/core'
import type { ZooGcAnswer } from '../../answers/index.js'

export default class ZooGc extends MnasCommand {
  static override summary = 'Remove files of a zoo that nothing names: of publishes that were broken off, and of older lists.'
  static override description =
    'Files that were first seen so less than an hour ago stay, since a publish may be about to name them: run it again later, or with --now.'
  static override examples = ['<%= config.bin %> <%= command.id %> ./zoo', '<%= config.bin %> <%= command.id %> ./zoo --now']
  static override args = {
    zoo: Args.string({ required: true, description: 'a folder, hf:OWNER/NAME, or a name of the setting "zoos"' }),
  }
  static override flags = {
    now: Flags.boolean({ summary: 'remove all of them: nobody publishes there at the moment' }),
    ...settingFlags('cacheFolder'),
  }

  async run(): Promise<ZooGcAnswer> {
    const { args, flags } = await this.parse(ZooGc)
    const { cacheFolder, zoos } = await this.settings(flags)
    const [{ collectGarbage }, { withZoos }, { zooLocation }, registry] = await Promise.all([
      import('../../upkeep/collect-garbage.js'),
      import('../../zoos/with-zoos.js'),
      import('../../zoos/zoo-locations.js'),
      this.registry(),
    ])
    const location = zooLocation(args.zoo, zoos)
    const warn = (text: string) => this.reporter.warn(text)
    const { removed, young } = await this.interruptible((signal) =>
      withZoos([location], { registry, around: { cacheFolder, signal, warn } }, ([zoo]) =>
        collectGarbage(zoo!, { cacheFolder, now: flags.now, clock: Date.now, signal }),
      ),
    )
    this.reporter.close()
    this.log(
      `${removed.length} files removed${young.length > 0 ? `, ${young.length} stay for an hour (--now removes them)` : ''}`,
    )
    return { version: 1, zoo: location, removed: [...removed], young: [...young] }
  }
}
