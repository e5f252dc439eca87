import { defineErrors } from './define-errors.js'

/** What a store of a zoo may throw: part of its contract, wherever the zoo lies. Locations hold no token and no password. */
export const storeErrors = defineErrors({
  MNAS_ZOO_LOCATION: {
    exit: 'usage',
    summary: 'A zoo was named in a way that no store understands.',
    message: (d: { expected: string; received: string }) =>
      `Where is the zoo? Expected ${d.expected}, received "${d.received}". See docs/zoo.md.`,
  },
  MNAS_ZOO_UNREACHABLE: {
    exit: 'invalid',
    summary: 'A zoo does not answer, or with an error of its own: no network, a server that is down or asks to come back later.',
    message: (d: { location: string; key: string; reason: string }) =>
      `The zoo ${d.location} does not give "${d.key}": ${d.reason}. Expected it to answer. ` +
      'Try again later; with --offline what was fetched before is used.',
  },
  MNAS_ZOO_REFUSED: {
    exit: 'invalid',
    summary: 'A zoo does not let this user in: a token is missing or wrong, or a folder may not be read.',
    message: (d: { location: string; key: string; reason: string; hint: string }) =>
      `The zoo ${d.location} refuses "${d.key}": ${d.reason}. Expected the right to read it. ${d.hint}`,
  },
  MNAS_ZOO_HTML: {
    exit: 'invalid',
    summary: 'Where a file of a zoo should be, a server answers with a web page, as login and error pages do.',
    message: (d: { location: string; key: string }) =>
      `The zoo ${d.location} answers "${d.key}" with a web page. Expected a file of a zoo, received HTML: ` +
      'perhaps a login, or an address that is no zoo. Open it in a browser and correct --zoo.',
  },
  MNAS_ZOO_TOO_LARGE: {
    exit: 'invalid',
    summary: 'A file of a zoo is larger than its kind may be; it was not read.',
    message: (d: { location: string; key: string; limit: number; received: string }) =>
      `The file "${d.key}" of the zoo ${d.location} is too large. Expected at most ${d.limit} bytes, received ${d.received}. ` +
      'Tell whoever keeps the zoo.',
  },
  MNAS_ZOO_MISSING: {
    exit: 'invalid',
    summary: 'A file that a zoo should hold is not there.',
    message: (d: { location: string; key: string }) =>
      `The zoo ${d.location} has no file "${d.key}". Expected it where the zoo's own list says so, received nothing. ` +
      'A copy of a zoo must be whole: copy it again, or tell whoever keeps it.',
  },
  MNAS_ZOO_TAKEN: {
    exit: 'invalid',
    summary: 'A file of a zoo would be created and is there already with other bytes.',
    message: (d: { location: string; key: string }) =>
      `The zoo ${d.location} has other bytes in "${d.key}". Expected none, or the same: what is published stays as it is. ` +
      'If a publish that was broken off left it, "mnas zoo gc" removes it.',
  },
  MNAS_ZOO_READ_ONLY: {
    exit: 'usage',
    summary: 'A zoo was to be changed that can only be read, such as one on a web server.',
    message: (d: { location: string }) =>
      `The zoo ${d.location} can only be read. Expected a folder or hf:OWNER/NAME. ` +
      'Publish into a folder and copy that to the server.',
  },
  MNAS_ZOO_WRITE: {
    exit: 'invalid',
    summary: 'A file cannot be put into a zoo: no permission, no space, a token that may not write.',
    message: (d: { location: string; key: string; reason: string }) =>
      `Cannot write "${d.key}" into the zoo ${d.location}: ${d.reason}. ` +
      'The zoo is as it was; mend that and run the same command.',
  },
})
