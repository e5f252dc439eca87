import type { DoctorAnswer } from '../answers/index.js'
import type { Check } from '../contracts/index.js'

const marks = { ok: '✓', hint: '!', failed: '✗' } as const

/** Lines for people, and what it comes to. @param allWell the last line where nothing failed */
export function formatChecks(checks: readonly Check[], allWell: string): readonly string[] {
  const failed = checks.filter(({ status }) => status === 'failed').length
  return [
    ...checks.map(({ status, name, detail, fix }) => `${marks[status]} ${name}: ${detail}${fix ? `\n    → ${fix}` : ''}`),
    failed === 0 ? `\n${allWell}` : `\n${failed} of ${checks.length} checks failed.`,
  ]
}

export function doctorAnswerOf(checks: readonly Check[]): DoctorAnswer {
  return {
    version: 1,
    ok: checks.every(({ status }) => status !== 'failed'),
    checks: checks.map(({ name, status, detail, fix }) => ({ name, status, detail, fix: fix ?? null })),
  }
}
