import { MnasCommand } from '@mnas/core/cli'
import { Args, Flags } from '@oclif/core'
import type { ZooSiteAnswer } from '../../answers/index.js'

export default class ZooSite extends MnasCommand {
  static override summary = 'Lay out a zoo as a web page: find, compare and try its models in a browser.'
  static override description =
    'Writes a folder of static files, the page and the files of the zoo, that any web server can serve from any address. The page asks no other ' +
    'server: a photo that somebody tries a model on stays on his device. The same command brings the folder up to date.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> ./zoo --out public',
    '<%= config.bin %> <%= command.id %> https://models.example.org/zoo --out mirror --json',
  ]
  static override args = {
    zoo: Args.string({ required: true, description: 'folder or address of the zoo, or a name of the setting "zoos"' }),
  }
  static override flags = {
    out: Flags.string({ summary: 'folder of the site: a new one, or a site of before', helpValue: '<folder>', required: true }),
  }

  async run(): Promise<ZooSiteAnswer> {
    const { args, flags } = await this.parse(ZooSite)
    const { cacheFolder, zoos } = await this.settings()
    const [{ laySite }, { openStore }, { zooLocation }] = await Promise.all([
      import('../../site/lay-site.js'),
      import('../../zoos/open-store.js'),
      import('../../zoos/zoo-locations.js'),
    ])
    const registry = await this.registry()
    return this.interruptible(async (signal) => {
      const warn = (text: string) => this.reporter.warn(text)
      const store = await openStore(registry, zooLocation(args.zoo, zoos), { cacheFolder, signal, warn })
      try {
        this.reporter.stage('site', flags.out)
        const onEntry = (done: number, total: number) => this.reporter.progress({ done, total, unit: 'entries' })
        const copied = await laySite(store, flags.out, signal, onEntry)
        this.reporter.close()
        this.log(`${flags.out}: ${copied.entries} entries, ${copied.files} files; serve it with any web server`)
        return { version: 1, site: flags.out, zoo: store.location, ...copied }
      } finally {
        await store.close()
      }
    })
  }
}
