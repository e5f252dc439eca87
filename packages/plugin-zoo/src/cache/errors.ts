import { defineErrors } from '@mnas/core/errors'

export const cacheErrors = defineErrors({
  MNAS_ZOO_HASH: {
    exit: 'invalid',
    summary: 'A file of a zoo came twice with other bytes than its entry says.',
    message: (d: { location: string; key: string; expected: string; received: string }) =>
      `The zoo ${d.location} gives "${d.key}" wrongly, twice. Expected bytes with the sha256 ${d.expected}, ` +
      `received ${d.received}. ` +
      'Nothing of it was kept. Tell whoever keeps the zoo, or take another copy of it.',
  },
  MNAS_ZOO_OFFLINE: {
    exit: 'invalid',
    summary: 'With --offline something was needed that is not in the cache.',
    message: (d: { location: string; what: string }) =>
      `Offline, and ${d.what} of the zoo ${d.location} is not in the cache. ` +
      'Expected it from an earlier command, received nothing. ' +
      'Run the same command once without --offline.',
  },
  MNAS_ZOO_DISK: {
    exit: 'invalid',
    summary: 'There is less free space on the disk than what would be fetched.',
    message: (d: { folder: string; needed: string; free: string }) =>
      `The disk of "${d.folder}" is too full. Expected ${d.needed} of free space, received ${d.free}. ` +
      'Free some, or choose another folder (--cache-folder, --out); "mnas zoo cache --clear" removes what was fetched before.',
  },
})
