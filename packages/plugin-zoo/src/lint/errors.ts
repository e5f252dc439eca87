import { defineErrors } from '@mnas/core/errors'

/** What is wrong with an entry that somebody made: `mnas zoo lint` names all of it, and ends with the first. */
export const lintErrors = defineErrors({
  MNAS_ZOO_LINT_TARGET: {
    exit: 'usage',
    summary: 'There is no entry where one was to be checked.',
    message: (d: { path: string; reason: string }) =>
      `"${d.path}" holds no entry: ${d.reason}. Expected an entry.json, a folder with one, or the folder of a zoo. ` +
      'Check the path.',
  },
  MNAS_ZOO_ENTRY_SIZE: {
    exit: 'invalid',
    summary: 'An entry.json is larger than one may be; it was not read.',
    message: (d: { file: string; most: number; received: number }) =>
      `"${d.file}" is too large. Expected at most ${d.most} bytes, received ${d.received}. Publish fewer files or claims.`,
  },
  MNAS_ZOO_ENTRY_JSON: {
    exit: 'invalid',
    summary: 'An entry.json is not JSON, or cut short.',
    message: (d: { file: string; reason: string }) =>
      `"${d.file}" cannot be read: ${d.reason}. Expected JSON in UTF-8, received something else. Copy it again.`,
  },
  MNAS_ZOO_ENTRY_DEPTH: {
    exit: 'invalid',
    summary: 'An entry.json is nested deeper than anything that mnas writes.',
    message: (d: { file: string; most: number }) =>
      `"${d.file}" is nested too deeply. Expected at most ${d.most} levels, received more. No mnas wrote it: do not use it.`,
  },
  MNAS_ZOO_ENTRY_KEY: {
    exit: 'invalid',
    summary: 'An entry.json holds a key that is no data, such as `__proto__`.',
    message: (d: { file: string; reason: string }) =>
      `"${d.file}" cannot be used: ${d.reason}. Expected the keys of docs/entry.schema.json, received another. ` +
      'No mnas wrote it: do not use it.',
  },
  MNAS_ZOO_ENTRY_VERSION: {
    exit: 'invalid',
    summary: 'An entry.json was written by a newer mnas.',
    message: (d: { file: string; reason: string }) =>
      `"${d.file}" is newer than this mnas: ${d.reason}. Expected version 1, received a later one. Update mnas.`,
  },
  MNAS_ZOO_ENTRY: {
    exit: 'invalid',
    summary: 'An entry.json does not say what an entry must say.',
    message: (d: { file: string; field: string; expected: string }) =>
      `"${d.file}" is no entry at "${d.field}". Expected ${d.expected}, received something else. See docs/entry.schema.json.`,
  },
  MNAS_ZOO_ENTRY_FILE: {
    exit: 'invalid',
    summary: 'A file that an entry names is missing, or has other bytes.',
    message: (d: { file: string; path: string; expected: string; received: string }) =>
      `"${d.path}" is not the file that "${d.file}" names. Expected ${d.expected}, received ${d.received}. Copy the entry whole.`,
  },
  MNAS_ZOO_ENTRY_PLACE: {
    exit: 'invalid',
    summary: 'An entry lies in a zoo under another name or release than its own.',
    message: (d: { file: string; expected: string; received: string }) =>
      `"${d.file}" lies in the wrong folder. Expected ${d.expected}, received ${d.received}. Publish it with "mnas zoo publish".`,
  },
})
