import { defineErrors, didYouMean } from '@mnas/core/errors'

/** Two digits of what is very short. */
const ms = (value: number) => `${value < 0.1 ? Number(value.toPrecision(2)) : value.toFixed(value < 10 ? 2 : 1)} ms`

/** The smallest network that could be found; widths: others may be smaller. */
interface Smallest {
  readonly width: number
  readonly size: number
  readonly device: string
  readonly widths: boolean
}
const smaller = ({ widths }: Smallest) => (widths ? '--width auto' : 'a smaller --size')

/** Every error that @mnas/plugin-search raises. */
export const searchErrors = defineErrors({
  MNAS_SEARCH_RUNGS: {
    exit: 'usage',
    summary: '--rungs is no list of trainings.',
    message: (d: { received: string }) =>
      `--rungs cannot be used. Expected one to five trainings before the proxy, each EPOCHS or EPOCHS@SIZE ` +
      `with a size from 16 to 1024, e.g. 1@64,2; received "${d.received}".`,
  },
  MNAS_SEARCH_RUNG_POLICY: {
    exit: 'internal',
    summary: 'A rung policy promoted or stopped a trial that does not wait.',
    message: (d: { policy: string; trial: number; received: string }) =>
      `The rung policy "${d.policy}" decided on trial ${d.trial}. Expected a trial that is paused, ` +
      `received one that is ${d.received}. ` +
      'Report it to whoever wrote the policy; another --rung-policy goes on in a new run.',
  },
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
      `Objective "${d.objective}" needs a target latency. Expected --target-latency, for example 10ms, received none; ` +
      'or use --objective front or soft.',
  },
  MNAS_SEARCH_TARGET_UNREACHABLE: {
    exit: 'constraint',
    summary: 'Even the smallest network of the space is slower than the target latency.',
    message: (d: Smallest & { targetMs: number; smallestMs: number; tryMs: number; flag: string }) =>
      `No network of the space is fast enough: expected at most ${ms(d.targetMs)} on ${d.device}, but the smallest one ` +
      `(width ${d.width}, ${d.size} px) takes ${ms(d.smallestMs)}. ` +
      `Try ${d.flag} ${d.tryMs}ms, ${smaller(d)}, or a faster device.`,
  },
  MNAS_SEARCH_LIMIT_UNREACHABLE: {
    exit: 'constraint',
    summary: 'Even the smallest network of the space is larger than a limit on parameters, memory or size.',
    message: (d: Smallest & { most: string; received: string }) =>
      `No network of the space is small enough: expected at most ${d.most}, but the smallest one ` +
      `(width ${d.width}, ${d.size} px) has ${d.received}. Raise the limit, or try ${smaller(d)}.`,
  },
  MNAS_SEARCH_RANGE: {
    exit: 'usage',
    summary: 'A range of latencies is not two durations, the shorter one first.',
    message: (d: { received: string }) =>
      `The range of latencies is not valid. Expected two durations such as 5ms..20ms, the shorter one first, ` +
      `received "${d.received}".`,
  },
  MNAS_SEARCH_GOAL: {
    exit: 'usage',
    summary: 'A target latency was stated for a front, or a range of latencies for one network.',
    message: (d: { objective: string; goal: 'front' | 'best'; received: string }) =>
      d.goal === 'front'
        ? `Objective "${d.objective}" searches the front between two latencies. Expected --latency-range, ` +
          `received ${d.received}. ` +
          'For one network within a target use --objective hard.'
        : `Objective "${d.objective}" searches one network. Expected no --latency-range, received ${d.received}. ` +
          'For the networks of a range use --objective front, without --target-latency.',
  },
  MNAS_SEARCH_NOTHING_FOUND: {
    exit: 'constraint',
    summary: 'No candidate that was looked at met the target latency and the limits.',
    message: (d: { rejected: number; targetMs: number; fastestMs: number; limited: boolean; flag: string }) =>
      `None of ${d.rejected} candidates met the target: ` +
      `expected at most ${ms(d.targetMs)}${d.limited ? ' within the limits' : ''}, ` +
      `the fastest received ${ms(d.fastestMs)}. Try a longer ${d.flag}, ` +
      `${d.limited ? 'higher limits, ' : ''}--width auto, or a smaller --size.`,
  },
  MNAS_SEARCH_TIME_OVER: {
    exit: 'constraint',
    summary: 'The time of a search was over before it had trained one candidate.',
    message: (d: { seconds: number; rejected: number }) =>
      `The time was over before a candidate was trained: expected at least one within --time ${d.seconds}s, received none ` +
      `(${d.rejected} were looked at). What was measured is kept: repeat the command with a longer --time.`,
  },
  MNAS_SEARCH_ALL_FAILED: {
    exit: 'training',
    summary: 'Every candidate that was tried failed.',
    message: (d: { trials: number; last: string }) =>
      `All ${d.trials} trials of the search failed. Expected at least one trained candidate; the last failure: ${d.last} ` +
      'Fix it and begin anew with another --out, or raise --trials to continue.',
  },
  MNAS_SEARCH_CHECK_UNFINISHED: {
    exit: 'constraint',
    summary: 'Too few networks were trained to compare proxies by them.',
    message: (d: { fewest: number; complete: number; wanted: number; failed: number }) =>
      `Too few networks are trained to compare proxies. Expected at least ${d.fewest} of ${d.wanted}, received ${d.complete}` +
      `${d.failed > 0 ? ` (trainings of ${d.failed} others failed)` : ''}. ` +
      'What was trained is kept: repeat the command, or say a longer --time.',
  },
  MNAS_SEARCH_NO_RESULT: {
    exit: 'invalid',
    summary: 'A run has no trained candidate yet.',
    message: (d: { folder: string }) =>
      `The run "${d.folder}" has no trained candidate yet. Expected at least one; repeat its search command to continue it.`,
  },
  MNAS_SEARCH_UNMEASURED: {
    exit: 'invalid',
    summary: 'A run has measured too few networks to foretell latencies.',
    message: (d: { folder: string; expected: number; received: number }) =>
      `The run "${d.folder}" has not measured enough. Expected at least ${d.expected} networks measured in full, ` +
      `received ${d.received}; repeat its search command to continue it.`,
  },
  MNAS_SEARCH_UNSEEN: {
    exit: 'usage',
    summary: 'A space has too few networks near the target that a run has not looked at.',
    message: (d: { expected: number; received: number; range: readonly [number, number]; targetMs: number }) =>
      `Too few networks are unseen. Expected ${d.expected} with estimates from ${ms(d.range[0] * d.targetMs)} to ` +
      `${ms(d.range[1] * d.targetMs)}, received ${d.received}; ask for fewer with --unseen.`,
  },
  MNAS_SEARCH_LATENCY_MODEL: {
    exit: 'usage',
    summary: 'A model was named without the run whose latency model is to foretell it, or the other way round.',
    message: (d: { received: string }) =>
      `It is not clear what to compare. Expected the folder of a run, or MODELs together with --run, received ${d.received}. ` +
      'Try "mnas search latency runs/photos" or "mnas search latency mnasnet-a1 --run runs/photos".',
  },
  MNAS_SEARCH_PROXY: {
    exit: 'usage',
    summary: 'A task does not know that way of judging candidates.',
    message: (d: { task: string; known: readonly string[]; received: string }) =>
      `The task "${d.task}" does not judge candidates that way. Expected --proxy ${d.known.join(', ')}, ` +
      `received "${d.received}".${didYouMean(d.received, d.known)} Without --proxy it is the usual one.`,
  },
  MNAS_SEARCH_BACKBONES: {
    exit: 'usage',
    summary: 'The run whose networks are to be candidates is missing, or its networks do not fit the search.',
    message: (d: { received: string }) =>
      `--proxy transfer times the networks of another run. Expected --backbones with a run of this space and width, received ` +
      `${d.received}. Name the folder of a search, or leave --proxy and --backbones out.`,
  },
  MNAS_SEARCH_FROM: {
    exit: 'invalid',
    summary: 'The trainings of another run say nothing about those of this search.',
    message: (d: { folder: string; differences: readonly string[] }) =>
      `The trainings of "${d.folder}" cannot be told: ${d.differences.join('; ')}. Expected a run with the same data, ` +
      'recipe and fidelity; change this search accordingly, or leave --from out.',
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
  MNAS_RUN_CORRUPT: {
    exit: 'invalid',
    summary: 'A file of a run is damaged, missing or not one of ours.',
    message: (d: { path: string; reason: string }) =>
      `The run cannot be read: "${d.path}": ${d.reason}. Expected a file that mnas wrote. ` +
      'Restore it from a backup, or begin anew with another --out.',
  },
  MNAS_RUN_MISSING: {
    exit: 'invalid',
    summary: 'A folder that was named as a run is none.',
    message: (d: { folder: string }) =>
      `"${d.folder}" is not a run. Expected a folder with run.json, as "mnas search --out" makes it; check the path.`,
  },
  MNAS_RUN_FOLDER: {
    exit: 'invalid',
    summary: 'A new run was to be made in a folder that holds something else, or among its own images.',
    message: (d: { folder: string; received: string }) =>
      `"${d.folder}" cannot become a run. Expected a new or empty folder outside of the images, received ${d.received}. ` +
      'Choose another --out.',
  },
  MNAS_RUN_VERSION: {
    exit: 'invalid',
    summary: 'A run was written by another version of mnas, whose files have another form.',
    message: (d: { folder: string; expected: number; received: number }) =>
      `The run "${d.folder}" has format ${d.received}; expected ${d.expected}. ` +
      (d.received > d.expected
        ? 'Update mnas to read it.'
        : 'An older mnas began it: go on with that one, or begin anew with another --out.'),
  },
  MNAS_RUN_SETTINGS: {
    exit: 'invalid',
    summary: 'A run is to be resumed with other settings than it began with.',
    message: (d: { folder: string; differences: readonly string[] }) =>
      `The run "${d.folder}" has other settings: ${d.differences.join('; ')}. Expected the command that began it; ` +
      'repeat it unchanged, or choose another --out.',
  },
})
