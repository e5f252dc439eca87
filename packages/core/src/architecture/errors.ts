import { defineErrors, didYouMean } from '../errors/index.js'

export const architectureErrors = defineErrors({
  MNAS_ARCH_INVALID: {
    exit: 'invalid',
    summary: 'An architecture has a wrong, missing or unknown field.',
    message: (d: { source: string; issues: string }) =>
      `"${d.source}" is not a valid architecture: ${d.issues}. Expected the fields of docs/architecture.schema.json; "mnas arch show mnasnet-a1 --json" shows one.`,
  },
  MNAS_ARCH_UNKNOWN: {
    exit: 'invalid',
    summary: 'No architecture, bundle, run or file of that name exists.',
    message: (d: { name: string; known: readonly string[] }) =>
      `Unknown model "${d.name}".${didYouMean(d.name, d.known)} Expected a bundle, a run folder, an architecture file or a name ("mnas arch list").`,
  },
  MNAS_ARCH_BLOCK_STRING: {
    exit: 'invalid',
    summary: 'A MnasNet block string cannot be read, or a row has none.',
    message: (d: { expected: string; received: string }) =>
      `Cannot use the block string: expected ${d.expected}, received "${d.received}". Example: r3_k5_s22_e6_i40_o80_se0.25.`,
  },
  MNAS_ARCH_SCALE: {
    exit: 'invalid',
    summary: 'A width, depth or resolution factor is out of range.',
    message: (d: { what: string; expected: string; received: string }) =>
      `Cannot scale the ${d.what}: expected ${d.expected}, received ${d.received}.`,
  },
})
