import { isDeepStrictEqual } from 'node:util'
import canonicalize from 'canonicalize'
import { isMnasError } from '../../errors/index.js'
import { testingErrors } from '../errors.js'

/** One case of a conformance suite: give it to any test runner. `run` rejects when the implementation disagrees. */
export interface ConformanceCase {
  readonly name: string
  run(): Promise<void>
}

/** @throws MNAS_CONFORMANCE_BROKEN unless the condition holds */
export function check(holds: boolean, what: string, expected: string, received: string): asserts holds {
  if (!holds) throw testingErrors.MNAS_CONFORMANCE_BROKEN({ what, expected, received })
}

/** Both as canonical JSON: the order of fields does not count. */
export function checkEqual(received: unknown, expected: unknown, what: string): void {
  const [a, b] = [canonicalize(received), canonicalize(expected)]
  check(a === b, what, shortened(b), shortened(a))
}

/** The value must survive being written as JSON: no NaN, no undefined field, no typed array. */
export function checkJson(value: unknown, what: string): void {
  const again: unknown = JSON.parse(JSON.stringify(value))
  check(isDeepStrictEqual(again, value), what, 'plain JSON', `a value that reads back as ${shortened(JSON.stringify(again))}`)
}

/** Every element within tolerance · range; the range's default is the largest magnitude expected (at least 1e-6). */
export function checkClose(
  received: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
  range = Array.from(expected, Math.abs).reduce((a, b) => Math.max(a, b), 1e-6),
): void {
  check(received.length === expected.length, what, `${expected.length} elements`, `${received.length}`)
  let worst = 0
  for (let i = 1; i < expected.length; i++) if (gap(received, expected, i) > gap(received, expected, worst)) worst = i
  if (expected.length === 0) return
  const error = gap(received, expected, worst) / range
  check(
    error <= tolerance,
    `${what} (element ${worst})`,
    `${expected[worst]} ± ${tolerance} of the range ${range}`,
    `${received[worst]} (off by ${error.toExponential(1)} of the range)`,
  )
}

/** Not a number counts as infinitely far. */
function gap(a: ArrayLike<number>, b: ArrayLike<number>, i: number): number {
  const distance = Math.abs(a[i]! - b[i]!)
  return Number.isNaN(distance) ? (Object.is(a[i], b[i]) ? 0 : Number.POSITIVE_INFINITY) : distance
}

/** The promise must be rejected with that error code. */
export async function checkRejects(work: () => Promise<unknown>, code: string, what: string): Promise<void> {
  let outcome = 'no error'
  try {
    await work()
  } catch (error) {
    outcome = isMnasError(error) ? error.code : String(error)
  }
  check(outcome === code, what, `an error with the code ${code}`, outcome)
}

function shortened(text: string | undefined): string {
  if (text === undefined) return 'undefined'
  return text.length > 400 ? `${text.slice(0, 400)}…` : text
}
