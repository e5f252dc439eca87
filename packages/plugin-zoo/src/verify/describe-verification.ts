import { printable } from '@mnas/core/events'
import type { ZooVerifyAnswer } from '../answers/index.js'
import { subjectOf } from '../signatures/sign-files.js'
import type { CheckedClaim } from './claim.js'
import type { Verification } from './verify-entry.js'

/** What `mnas zoo verify --json` answers. */
export function verifyAnswerOf({ entry: { entry, digest }, rows, failure }: Verification): ZooVerifyAnswer {
  return {
    version: 1,
    name: entry.name,
    release: entry.release,
    digest,
    holds: failure === null,
    claims: rows.map(({ kind, claim, expected, got, comparable, holds }) => ({ kind, claim, expected, got, comparable, holds })),
    broken: failure?.toRecord() ?? null,
  }
}

/** For people: what holds in a line, what does not or says nothing with why. */
export function describeVerification({ entry: { entry }, rows }: Verification): readonly string[] {
  const count = (holds: boolean | null) => rows.filter((row) => row.holds === holds).length
  const summary = `${subjectOf(entry)}: ${count(true)} claims hold, ${count(false)} do not, ${count(null)} cannot be compared`
  return [...rows.flatMap(linesOf), summary].map(printable)
}

const marks = { true: '✓', false: '✗', null: '–' } as const

function linesOf({ claim, expected, got, holds }: CheckedClaim): readonly string[] {
  const head = `${marks[`${holds}`]} ${claim}`
  return holds ? [`${head}: ${got}`] : [head, `    expected ${expected}`, `    received ${got}`]
}
