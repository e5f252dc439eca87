import { defineErrors } from '../errors/index.js'

/** Errors of the published testing tools: the interpreter, the conformance suites and the replay device. */
export const testingErrors = defineErrors({
  MNAS_INTERPRETER_TENSOR: {
    exit: 'internal',
    summary:
      'The reference interpreter was handed a graph without an input, weight or dropout mask that it needs, or one of ' +
      'another shape.',
    message: (d: { name: string; expected: readonly number[]; received: readonly number[] | null }) =>
      `The interpreter needs the tensor "${d.name}". Expected shape [${d.expected}], received ${
        d.received === null ? 'none' : `[${d.received}]`
      }. Hand it over by that name.`,
  },
  MNAS_CONFORMANCE_BROKEN: {
    exit: 'internal',
    summary: 'An implementation of a contract disagrees with its conformance suite.',
    message: (d: { what: string; expected: string; received: string }) =>
      `${d.what}. Expected ${d.expected}, received ${d.received}. Fix the implementation, or report a wrong case of the suite.`,
  },
  MNAS_REPLAY_FACTOR: {
    exit: 'usage',
    summary: 'The factor of the replay device is no number above 0.',
    message: (d: { received: string }) =>
      `The replay device cannot multiply its times by that factor. Expected a number above 0, received ${d.received}. ` +
      'Correct --option factor.',
  },
  MNAS_REPLAY_TABLE: {
    exit: 'invalid',
    summary: 'The table of the replay device cannot be read or is not {"version": 1, "latencyMs": {structure: milliseconds}}.',
    message: (d: { path: string; reason: string }) =>
      `Cannot replay "${d.path}": ${d.reason}. Expected a JSON file {"version": 1, "latencyMs": {"<structure>": 12.3}}. ` +
      'Check the path after "replay:".',
  },
})
