import { defineErrors } from '@mnas/core/errors'

export const pullErrors = defineErrors({
  MNAS_ZOO_REFERENCE: {
    exit: 'usage',
    summary: 'What was asked for is not written as the entry of a zoo.',
    message: (d: { received: string }) =>
      `Which entry is meant? Expected OWNER/NAME, OWNER/NAME@1.2, OWNER/NAME@sha256:… or hf:OWNER/REPO[@REVISION], ` +
      `received "${d.received}". "mnas zoo list" shows what there is.`,
  },
  MNAS_ZOO_SEVERAL: {
    exit: 'usage',
    summary: 'A repository of the hub was named as a model and holds several, or none.',
    message: (d: { location: string; names: readonly string[] }) =>
      `${d.location} is not one model. Expected entries of one name, received ${d.names.join(', ') || 'none'}. ` +
      'Name one of them, with --zoo for the repository.',
  },
  MNAS_ZOO_OUT: {
    exit: 'invalid',
    summary: 'An entry cannot be pulled into a folder that holds something else.',
    message: (d: { folder: string; found: string }) =>
      `Nothing was written into "${d.folder}". Expected no such folder, or this very entry; received ${d.found}. ` +
      'Choose another --out, or remove the folder.',
  },
  MNAS_ZOO_SAYS_ITSELF: {
    exit: 'usage',
    summary: 'Of an entry was said how it reads pictures or what its classes are.',
    message: (d: { reference: string }) =>
      `An entry says itself how it reads pictures and what its classes are, and "${d.reference}" is one. ` +
      'Expected --mean, --std, --padding, --epsilon, --crop-fraction and --labels for weights of the hub alone (hf:…). ' +
      'Leave them out.',
  },
})
