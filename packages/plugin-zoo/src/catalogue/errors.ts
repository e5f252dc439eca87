import { defineErrors } from '@mnas/core/errors'

export const catalogueErrors = defineErrors({
  MNAS_ZOO_ROLLBACK: {
    exit: 'invalid',
    summary: 'A zoo shows an older list than it did before: somebody put an old copy there, or wants known faults to come back.',
    message: (d: { location: string; seen: number; received: number; memory: string }) =>
      `The zoo ${d.location} went back. Expected generation ${d.seen} or later, which this computer has seen, ` +
      `received ${d.received}. Ask whoever keeps it; if it was begun anew on purpose, delete "${d.memory}".`,
  },
  MNAS_ZOO_RELEASE_TAKEN: {
    exit: 'invalid',
    summary: 'A release was published that the zoo has already, with other bytes: a release never changes.',
    message: (d: { location: string; name: string; release: string; known: string; received: string }) =>
      `The zoo ${d.location} has ${d.name}@${d.release} already. Expected a new release, or the same bytes (sha256 ` +
      `${d.known.slice(0, 12)}…), received others (${d.received.slice(0, 12)}…). Publish it as a later release.`,
  },
  MNAS_ZOO_PUBLICATION: {
    exit: 'internal',
    summary: 'What was to be published does not fit together: a defect in mnas.',
    message: (d: { what: string; expected: string; received: string }) =>
      `Nothing was published: ${d.what}. Expected ${d.expected}, received ${d.received}. ` +
      'This is a defect in mnas; please report it with the command that caused it.',
  },
  MNAS_ZOO_ENTRY_UNKNOWN: {
    exit: 'invalid',
    summary: 'No zoo that was asked has an entry of that name and release.',
    message: (d: { reference: string; zoos: readonly string[]; known: readonly string[] }) =>
      `Nothing is called "${d.reference}" in ${d.zoos.join(', ') || 'any zoo: none is set'}. ` +
      (d.known.length > 0
        ? `Expected one of ${d.known.join(', ')}. `
        : 'Expected OWNER/NAME, or OWNER/NAME@RELEASE, of an entry. ') +
      '"mnas zoo list" shows what there is; --zoo names another zoo.',
  },
})
