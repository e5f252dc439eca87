import { defineErrors } from '../errors/index.js'

export const storageErrors = defineErrors({
  MNAS_RUN_LOCKED: {
    exit: 'invalid',
    summary: 'Another process is writing to the run, or training into the same folder.',
    message: (d: { folder: string }) =>
      `"${d.folder}" is in use. Expected to be its only writer, received a lease that another process holds. ` +
      'Wait until that one ends, or stop it.',
  },
  MNAS_STORAGE_CORRUPT: {
    exit: 'invalid',
    summary: 'A database that only serves as a lock is damaged.',
    message: (d: { path: string; reason: string }) =>
      `"${d.path}" cannot be used: ${d.reason}. Expected a lock file that mnas made. Delete it when no mnas is running; ` +
      'it is made again.',
  },
})
