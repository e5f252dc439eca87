import { MnasCommand, settingFlags } from '@mnas/core/cli'
import { Flags } from '@oclif/core'
import type { ZooCacheAnswer } from '../../answers/index.js'

export default class ZooCache extends MnasCommand {
  static override summary = 'Show what was fetched of zoos, check it, or remove it.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --check',
    '<%= config.bin %> <%= command.id %> --clear',
  ]
  static override flags = {
    check: Flags.boolean({ summary: 'hash every file again, and remove those that are damaged', exclusive: ['clear'] }),
    clear: Flags.boolean({ summary: 'remove everything; what is needed is fetched again' }),
    ...settingFlags('cacheFolder'),
  }

  async run(): Promise<ZooCacheAnswer> {
    const { flags } = await this.parse(ZooCache)
    const { cacheFolder } = await this.settings(flags)
    const [{ cacheFacts, checkCache, clearCache }, { formatSize }] = await Promise.all([
      import('../../cache/look-at-cache.js'),
      import('@mnas/core/config'),
    ])
    if (flags.clear) await clearCache(cacheFolder)
    const damaged = flags.check ? await this.interruptible((signal) => checkCache(cacheFolder, signal)) : null
    const facts = await cacheFacts(cacheFolder)
    this.reporter.close()
    const parts = facts.parts > 0 ? `, ${facts.parts} of them not whole` : ''
    this.log(
      `${facts.folder}: ${facts.blobs + facts.parts} files${parts}, ${formatSize(facts.sizeBytes)} with the models made of them`,
    )
    if (damaged !== null)
      this.log(damaged.length === 0 ? 'All are what they are named by.' : `Removed, damaged: ${damaged.join(', ')}`)
    return { version: 1, ...facts, damaged: damaged === null ? null : [...damaged] }
  }
}
