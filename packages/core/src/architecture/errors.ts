import { defineErrors, didYouMean } from '../errors/index.js'
import { ourNameOf } from './foreign-names.js'

/** Errors of the block-level IR: architecture files, names and block strings. */
export const architectureErrors = defineErrors({
  MNAS_ARCHITECTURE_FIELD: {
    exit: 'invalid',
    summary: 'A field of an architecture is missing, unknown or has a wrong value.',
    message: (d: { source: string; field: string; expected: string; received: string; more: number }) =>
      `${d.source} has a wrong field ${d.field}. Expected ${d.expected}, received ${d.received}.${more(d.more)} Correct ` +
      'the field; "mnas arch schema" prints the JSON Schema.',
  },
  MNAS_ARCHITECTURE_ROW: {
    exit: 'invalid',
    summary: 'A row of an architecture has a field that does not go with its op.',
    message: (d: { source: string; field: string; expected: string; received: string; more: number }) =>
      `${d.source} contradicts itself at ${d.field}. Expected ${d.expected}, received ${d.received}.${more(d.more)} Change ` +
      "the row's op or remove what it cannot have.",
  },
  MNAS_ARCHITECTURE_SHAPE: {
    exit: 'invalid',
    summary: 'An architecture strides more often than its input has pixels for.',
    message: (d: { source: string; field: string; expected: string; received: string; more: number }) =>
      `${d.source} has an impossible shape at ${d.field}. ` +
      `Expected ${d.expected}, received ${d.received}.${more(d.more)} Raise input.size or stride less often.`,
  },
  MNAS_ARCHITECTURE_UNKNOWN: {
    exit: 'invalid',
    summary: 'A MODEL is none of what it can be, and no published architecture has that name.',
    message: (d: { name: string; known: readonly string[] }) =>
      `Unknown model "${d.name}".${calledHere(d.name) ?? didYouMean(d.name, d.known)} ` +
      'Expected a bundle, a run folder, an architecture file (.json) or a name such as "mnasnet-a1@0.5"; ' +
      '"mnas arch list" shows all names.',
  },
  MNAS_ARCHITECTURE_WIDTH: {
    exit: 'invalid',
    summary: 'The width behind the @ of an architecture name, or of --width, is not a number in its range.',
    message: (d: { received: string }) =>
      `Wrong width multiplier. Expected a number above 0 and at most 4, received "${d.received}". ` +
      'Write it as in "mnasnet-a1@0.5".',
  },
  MNAS_ARCHITECTURE_BLOCK_STRING: {
    exit: 'invalid',
    summary: 'A MnasNet block string cannot be read, or does not fit behind the row before it.',
    message: (d: { string: string; expected: string; received: string }) =>
      `Cannot read the block string "${d.string}". Expected ${d.expected}, received ${d.received}. ` +
      'Write it like r3_k5_s22_e3_i24_o40_se0.25_noskip.',
  },
  MNAS_ARCHITECTURE_NO_BLOCK_STRING: {
    exit: 'invalid',
    summary: 'A row has no MnasNet block string: the grammar knows neither plain convolutions nor pooled skips.',
    message: (d: { what: string }) =>
      `The row has no block string. Expected a separable or mbconv row with the skip identity or none, received ${d.what}. ` +
      'Keep it as JSON.',
  },
})

function calledHere(name: string): string | undefined {
  const ours = ourNameOf(name)
  return ours && ` Did you mean "${ours}", as it is called here?`
}

function more(count: number): string {
  return count === 0 ? '' : ` ${count} more field${count === 1 ? ' is' : 's are'} wrong.`
}
