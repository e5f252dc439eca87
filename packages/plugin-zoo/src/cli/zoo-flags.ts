import { settingFlags } from '@mnas/core/cli'
import { Flags } from '@oclif/core'

/** Of commands that look into zoos. */
export const zooFlags = () => ({
  zoo: Flags.string({
    summary:
      'where to look: an address, a folder or a name of the setting "zoos"; perhaps several (default: the family and all of these)',
    helpValue: '<zoo>',
    multiple: true,
  }),
  offline: Flags.boolean({ summary: 'open no connection: what was fetched before is used' }),
  ...settingFlags('cacheFolder'),
})
