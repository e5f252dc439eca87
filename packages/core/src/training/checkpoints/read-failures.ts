import { z } from 'zod'
import { type coreErrors, isMnasError } from '../../errors/index.js'
import { weightsErrors } from '../../weights/index.js'

/**
 * Whether reading failed because a file holds other bytes than were written. Want of memory, of rights or of an answer of the disk is no damage:
 * what cannot be read now may be whole.
 */
export function isDamage(error: unknown): boolean {
  if (!isMnasError(error)) return error instanceof z.ZodError || error instanceof SyntaxError
  return Object.hasOwn(weightsErrors.definitions, error.code) || error.code === codeOf('MNAS_BLOB_DAMAGED')
}

/** Whether there is nothing where it was looked for. */
export const isMissing = (error: unknown): boolean =>
  isUnreadable(error) ? error.cause === undefined || isAbsence(error.cause) : isAbsence(error)

/** Not there, or there and not to be read at the moment: a share that hangs, another's lock. */
export const isUnreadable = (error: unknown): error is Error => isMnasError(error) && error.code === codeOf('MNAS_FILE_MISSING')

const isAbsence = (error: unknown): boolean => (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT'
const codeOf = (code: keyof typeof coreErrors.definitions): string => code
