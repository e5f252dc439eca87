import { Flags } from '@oclif/core'
import type { ConfigShowAnswer } from '../../answers/index.js'
import { MnasCommand, settingFlags } from '../../cli/index.js'
import type { SettingName, Settings } from '../../config/index.js'

export default class ConfigShow extends MnasCommand {
  static override summary = 'Show the settings, and with --origin where each comes from.'
  static override description =
    `Settings come from, later ones winning: defaults; the nearest mnas.config.json, mnas.config.yaml or "mnas": {"config": {…}} in a
package.json, from this folder upwards, else ~/.config/mnas; environment variables (cacheFolder is MNAS_CACHE_FOLDER); flags.`
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --origin',
    'MNAS_WORKERS=2 <%= config.bin %> <%= command.id %> --origin --json',
  ]
  static override flags = {
    origin: Flags.boolean({ summary: 'say where each value comes from' }),
    ...settingFlags('cacheFolder', 'cacheLimit', 'engine', 'accelerator', 'device', 'threads', 'workers'),
  }

  async run(): Promise<ConfigShowAnswer> {
    const { flags } = await this.parse(ConfigShow)
    const { resolveSettings, settingNames } = await import('../../config/index.js')
    const { settings, origins, file } = await resolveSettings(flags)
    const width = Math.max(...settingNames.map((name) => name.length))
    for (const name of settingNames) {
      const origin = origins[name].kind === 'default' ? 'default' : `${origins[name].kind}: ${origins[name].source}`
      this.log(`${name.padEnd(width)}  ${inWords(settings[name])}${flags.origin ? `  (${origin})` : ''}`)
    }
    return { version: 1, settings, ...(flags.origin && { origins, file }) }
  }
}

const inWords = (value: Settings[SettingName]) =>
  typeof value === 'object'
    ? Object.entries(value)
        .map((pair) => pair.join('='))
        .join(',') || 'none'
    : `${value}`
