import { Flags } from '@oclif/core'
import { flagOf, type Kebab, type SettingName, settingSummaries } from '../config/settings.js'

/** `--time 30m` → milliseconds. */
export const durationFlag = Flags.custom<number>({
  helpValue: '<duration>',
  parse: async (text) => (await import('../config/units.js')).parseDuration(text),
})

/** `--limit 4GiB` → bytes. */
export const sizeFlag = Flags.custom<number>({
  helpValue: '<size>',
  parse: async (text) => (await import('../config/units.js')).parseSize(text),
})

type SettingFlags<K extends SettingName> = { readonly [N in K as Kebab<N>]: ReturnType<typeof settingFlag> }

function settingFlag(name: SettingName) {
  return Flags.string({ summary: settingSummaries[name], helpGroup: 'SETTINGS', helpValue: '<value>' })
}

/**
 * Flags that override settings for one command: `static flags = {...settingFlags('device', 'threads')}`; `await this.settings(flags)` then
 * reads, checks and types them.
 */
export function settingFlags<const K extends readonly SettingName[]>(...names: K): SettingFlags<K[number]> {
  return Object.fromEntries(names.map((name) => [flagOf(name), settingFlag(name)])) as unknown as SettingFlags<K[number]>
}
