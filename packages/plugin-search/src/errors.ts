import { defineErrors } from '@mnas/core/errors'

const ms = (value: number) => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ms`

/** Every error that @mnas/plugin-search raises. */
export const searchErrors = defineErrors({
  MNAS_SEARCH_GENOME: {
    exit: 'invalid',
    summary: 'A genome does not belong to the search space.',
    message: (d: { expected: string; received: string }) =>
      `The genome does not fit the search space: expected ${d.expected}, received ${d.received}. Use the space that made it.`,
  },
  MNAS_SEARCH_STATE: {
    exit: 'invalid',
    summary: 'The recorded state of a search strategy cannot be read.',
    message: (d: { strategy: string; reason: string }) =>
      `The recorded state of strategy "${d.strategy}" cannot be used: ${d.reason}. Begin anew with another --out.`,
  },
  MNAS_SEARCH_TARGET_NEEDED: {
    exit: 'usage',
    summary: 'An objective that needs a target latency was chosen without one.',
    message: (d: { objective: string }) =>
      `Objective "${d.objective}" needs a target latency. Expected --target-latency, for example 10ms, received none; or use --objective soft.`,
  },
  MNAS_SEARCH_TARGET_UNREACHABLE: {
    exit: 'constraint',
    summary: 'Even the smallest network of the space is slower than the target latency.',
    message: (d: { targetMs: number; smallestMs: number; width: number; size: number; device: string; widths: boolean }) =>
      `No network of the space is fast enough: expected at most ${ms(d.targetMs)} on ${d.device}, but the smallest one ` +
      `(width ${d.width}, ${d.size} px) takes ${ms(d.smallestMs)}. Try --target-latency ${ms(d.smallestMs * 1.5).replace(' ', '')}, ` +
      `${d.widths ? '--width auto' : 'a smaller --size'}, or a faster device.`,
  },
  MNAS_SEARCH_NOTHING_FOUND: {
    exit: 'constraint',
    summary: 'No candidate that was looked at met the target latency.',
    message: (d: { rejected: number; targetMs: number; fastestMs: number }) =>
      `None of ${d.rejected} candidates met the target: expected at most ${ms(d.targetMs)}, the fastest received ${ms(d.fastestMs)}. ` +
      'Try a longer --target-latency, --width auto, or a smaller --size.',
  },
  MNAS_SEARCH_ALL_FAILED: {
    exit: 'training',
    summary: 'Every candidate that was tried failed.',
    message: (d: { trials: number; last: string }) =>
      `All ${d.trials} trials of the search failed. Expected at least one trained candidate; the last failure: ${d.last} ` +
      'Fix it and begin anew with another --out, or raise --trials to continue.',
  },
  MNAS_SEARCH_NO_RESULT: {
    exit: 'invalid',
    summary: 'A run has no trained candidate yet.',
    message: (d: { folder: string }) =>
      `The run "${d.folder}" has no trained candidate yet. Expected at least one; repeat its search command to continue it.`,
  },
  MNAS_SEARCH_WIDTH: {
    exit: 'usage',
    summary: 'A width multiplier is not a number in the allowed range.',
    message: (d: { received: string }) =>
      `The width is not valid. Expected "auto" or a number from 0.1 to 4, received "${d.received}". Try --width 0.5.`,
  },
  MNAS_DEMO_STEP: {
    exit: 'internal',
    summary: 'A step of the demo ended without an answer.',
    message: (d: { command: string; code: number | null }) =>
      `A step of the demo ended without an answer: "${d.command}" (${d.code === null ? 'killed' : `exit code ${d.code}`}). ` +
      'Expected a JSON answer; run that command alone to see more.',
  },
})
