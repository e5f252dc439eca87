import { defineErrors } from './define-errors.js'
import { didYouMean } from './did-you-mean.js'

/** Every error that @mnas/core raises, in the order of docs/errors.md. */
export const coreErrors = defineErrors({
  MNAS_INTERNAL: {
    exit: 'internal',
    summary: 'A defect in mnas.',
    message: (d: { what: string }) =>
      `Internal error: ${d.what}. This is a defect in mnas; please report it with the command that caused it.`,
  },
  MNAS_FILE_MISSING: {
    exit: 'invalid',
    summary: 'A file or folder that was named does not exist.',
    message: (d: { path: string; what: string }) =>
      `${d.what} not found. Expected a readable file or folder, received "${d.path}". Check the path.`,
  },
  MNAS_FILE_WRITE: {
    exit: 'invalid',
    summary: 'A file or folder cannot be written: no permission, a file in the way, or no space left.',
    message: (d: { path: string; reason: string }) =>
      `Cannot write "${d.path}": ${d.reason}. Nothing was left half-written; choose another --out or free some space.`,
  },
  MNAS_BLOB_DAMAGED: {
    exit: 'invalid',
    summary: 'A file that is stored under the hash of its bytes holds others.',
    message: (d: { path: string; expected: string; received: string }) =>
      `The stored file "${d.path}" is damaged. Expected bytes with the sha256 ${d.expected.slice(0, 12)}…, received ` +
      `${d.received.slice(0, 12)}…. ` +
      'Delete it and run the same command.',
  },
  MNAS_NAME_UNKNOWN: {
    exit: 'invalid',
    summary: 'An engine, device, strategy, objective, exporter, runtime, task or space of that name is not installed.',
    message: (d: { kind: string; name: string; known: readonly string[] }) =>
      `Unknown ${d.kind} "${d.name}".${didYouMean(d.name, d.known)} Plug-ins that add more are installed with "mnas ` +
      'plugins install".',
  },
})
