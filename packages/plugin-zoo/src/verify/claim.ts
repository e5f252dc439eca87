import { exitCodes, isMnasError } from '@mnas/core/errors'

/** Cheap before dear. */
export const levels = ['files', 'outputs', 'accuracy', 'latency'] as const
export type Level = (typeof levels)[number]

/** What a verification can find broken; signatures are looked at with the files. */
export const brokenKinds = ['signature', ...levels] as const
export type BrokenKind = (typeof brokenKinds)[number]

/** One claim of an entry, and what came of looking. */
export interface CheckedClaim {
  readonly kind: BrokenKind
  /** What is claimed, and of what: `latency of exports/photos-224px.tflite on Pixel 8`. */
  readonly claim: string
  /** In the entry, of the file that it is about. */
  readonly path?: string
  readonly expected: string
  readonly got: string
  /** Whether what was found can say anything of it. */
  readonly comparable: boolean
  /** null: it cannot. */
  readonly holds: boolean | null
}

export type About = Pick<CheckedClaim, 'kind' | 'claim' | 'path' | 'expected'>

export const judged = (about: About, got: string, holds: boolean): CheckedClaim => ({ ...about, got, comparable: true, holds })
export const notComparable = (about: About, why: string): CheckedClaim => ({
  ...about,
  got: why,
  comparable: false,
  holds: null,
})

/** A claim that holds unless looking at it throws: then the error, with its code, is what came of it. */
export async function holdsUnlessThrown(about: About, look: () => Promise<string>): Promise<CheckedClaim> {
  try {
    return judged(about, await look(), true)
  } catch (error) {
    return judged(about, reasonInWords(error), false)
  }
}

/** What an error says of a file. @throws the error itself when it says nothing of one: a defect, or Ctrl-C */
export function reasonInWords(error: unknown): string {
  if (!isMnasError(error)) throw error
  if (error.exitCode === exitCodes.internal || error.exitCode === exitCodes.interrupted) throw error
  return `${error.code}: ${error.message}`
}
