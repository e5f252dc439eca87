import { defineErrors } from '@mnas/core/errors'

/** Mistakes around zoos; what a store may throw is core's: `storeErrors`. */
export const zooErrors = defineErrors({
  MNAS_ZOO_DAMAGED: {
    exit: 'invalid',
    summary: 'A file of a zoo is not what its kind must be: its list, a part of the list, an entry.',
    message: (d: { location: string; key: string; reason: string }) =>
      `The file "${d.key}" of the zoo ${d.location} cannot be used: ${d.reason}. ` +
      'Tell whoever keeps the zoo; a copy of one must be whole.',
  },
  MNAS_ZOO_BUSY: {
    exit: 'invalid',
    summary: 'Somebody published into a zoo while it was being cleaned up.',
    message: (d: { location: string }) =>
      `The zoo ${d.location} changed meanwhile. Expected nobody to publish while it is cleaned up, received a new list. ` +
      'Nothing that the new one names was removed; run the same command again.',
  },
  MNAS_ZOO_NONE: {
    exit: 'invalid',
    summary: 'Where a zoo was expected there is none.',
    message: (d: { location: string }) =>
      `There is no zoo at ${d.location}. Expected its list (zoo.json.gz), received nothing. ` +
      'Correct --zoo or the setting "zoos"; "mnas zoo publish … --to FOLDER" begins one.',
  },
})
