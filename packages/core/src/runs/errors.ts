import { defineErrors } from '../errors/index.js'

export const runErrors = defineErrors({
  MNAS_RUN_LOCKED: {
    exit: 'invalid',
    summary: 'Another process is writing to the run, or training into the same folder.',
    message: (d: { folder: string }) =>
      `"${d.folder}" is in use. Expected to be its only writer, received a lease that another process holds. ` +
      'Wait until that one ends, or stop it.',
  },
  MNAS_RUN_CORRUPT: {
    exit: 'invalid',
    summary: 'A file of a run is damaged, missing or not one of ours.',
    message: (d: { path: string; reason: string }) =>
      `The run cannot be read: "${d.path}": ${d.reason}. Expected a file that mnas wrote. Restore it from a backup, or begin anew with another --out.`,
  },
  MNAS_RUN_MISSING: {
    exit: 'invalid',
    summary: 'A folder that was named as a run is none.',
    message: (d: { folder: string }) =>
      `"${d.folder}" is not a run. Expected a folder with run.json, as "mnas search --out" makes it; check the path.`,
  },
  MNAS_RUN_FOLDER: {
    exit: 'invalid',
    summary: 'A new run was to be made in a folder that holds something else.',
    message: (d: { folder: string; found: string }) =>
      `"${d.folder}" cannot become a run. Expected a new or empty folder, received one that holds "${d.found}". Choose another --out.`,
  },
  MNAS_RUN_VERSION: {
    exit: 'invalid',
    summary: 'A run was written by a newer mnas.',
    message: (d: { folder: string; expected: number; received: number }) =>
      `The run "${d.folder}" has format ${d.received}; expected ${d.expected}. Update mnas to read it.`,
  },
  MNAS_RUN_SETTINGS: {
    exit: 'invalid',
    summary: 'A run is to be resumed with other settings than it began with.',
    message: (d: { folder: string; differences: readonly string[] }) =>
      `The run "${d.folder}" has other settings: ${d.differences.join('; ')}. Expected the command that began it; ` +
      'repeat it unchanged, or choose another --out.',
  },
})
