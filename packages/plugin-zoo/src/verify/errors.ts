import { defineErrors } from '@mnas/core/errors'

const broken = (entry: string, what: string, claims: readonly string[]) =>
  `${entry} does not hold what it claims of ${what}: ${claims.join('; ')}. ` +
  'The rows of the answer say what was expected and what was received. Do not rely on it; tell its publisher.'

/** What a verification finds, and what of an entry's files it refuses to touch. */
export const verifyErrors = defineErrors({
  MNAS_ZOO_BROKEN_FILES: {
    exit: 'files',
    summary: 'A verification found a file that is not what its entry says.',
    message: (d: { entry: string; claims: readonly string[] }) => broken(d.entry, 'its files', d.claims),
  },
  MNAS_ZOO_BROKEN_OUTPUTS: {
    exit: 'outputs',
    summary: 'A verification found weights or an export that answer otherwise than the golden answers of their entry.',
    message: (d: { entry: string; claims: readonly string[] }) => broken(d.entry, 'its answers', d.claims),
  },
  MNAS_ZOO_BROKEN_ACCURACY: {
    exit: 'accuracy',
    summary: 'A verification counted another number of right answers on the same images.',
    message: (d: { entry: string; claims: readonly string[] }) => broken(d.entry, 'its accuracy', d.claims),
  },
  MNAS_ZOO_BROKEN_LATENCY: {
    exit: 'latency',
    summary: 'A verification measured another latency on the same device with the same runtime and flags.',
    message: (d: { entry: string; claims: readonly string[] }) => broken(d.entry, 'its latency', d.claims),
  },
  MNAS_ZOO_BROKEN_SIGNATURE: {
    exit: 'signature',
    summary: 'A verification found a signature that is wrong, or none where the trust list asks for one.',
    message: (d: { entry: string; claims: readonly string[] }) => broken(d.entry, 'its signature', d.claims),
  },
  MNAS_ZOO_ENTRY_FOLDER: {
    exit: 'invalid',
    summary: 'A folder holds no entry of a zoo, or a damaged one.',
    message: (d: { folder: string; reason: string }) =>
      `"${d.folder}" cannot be verified: ${d.reason}. Expected a folder with entry.json and the files that it names. ` +
      'Name an entry of a zoo; of a model that "mnas zoo pull" made, the one that it came from (zoo in its model.json).',
  },
  MNAS_ZOO_EXPORT_UNKNOWN: {
    exit: 'invalid',
    summary: 'An export stands without the facts that mnas writes beside it, so that nothing says how it is fed.',
    message: (d: { path: string }) =>
      `Nothing is known of "${d.path}". Expected "${d.path}.json" beside it. Write it again with "mnas export" or "mnas deploy".`,
  },
  MNAS_ZOO_PICKLE: {
    exit: 'files',
    summary: 'A file of an entry is a pickle, which runs code when it is read.',
    message: (d: { path: string }) =>
      `"${d.path}" is a pickle, or named like one: reading it would run code. Expected safetensors. Do not open it.`,
  },
  MNAS_ZOO_STRUCTURE: {
    exit: 'files',
    summary: "A file is one of another architecture than its entry's.",
    message: (d: { path: string; expected: string; received: string }) =>
      `"${d.path}" is no file of this architecture. Expected ${d.expected}, received ${d.received}. Do not use it.`,
  },
  MNAS_ZOO_CUSTOM_CODE: {
    exit: 'files',
    summary: 'A file brings code of its own, besides what mnas writes behind a detector.',
    message: (d: { path: string; received: readonly string[] }) =>
      `"${d.path}" brings code of its own. Expected operators of its format alone, received ${d.received.join(', ')}. ` +
      'Do not run it.',
  },
  MNAS_ZOO_MANIFEST: {
    exit: 'files',
    summary: 'A TensorFlow.js model names weights that are no files beside it.',
    message: (d: { path: string; reason: string }) =>
      `"${d.path}" cannot be trusted: ${d.reason}. Expected the names of files beside it that the entry lists. Do not load it.`,
  },
  MNAS_ZOO_NO_NUMBERS: {
    exit: 'invalid',
    summary: 'A model that was to be published answers a picture with what is no number.',
    message: (d: { path: string; output: string }) =>
      `"${d.path}" answers with no number. Expected numbers in "${d.output}" for each of the drawn pictures, ` +
      'received what is none, or infinity. Nobody could check such answers: train it again, or deploy it anew.',
  },
  MNAS_ZOO_GOLDEN: {
    exit: 'files',
    summary: "An entry's golden answers are damaged, or of a drawing that this mnas does not know.",
    message: (d: { path: string; reason: string }) =>
      `The golden answers "${d.path}" cannot be used: ${d.reason}. Expected what "mnas zoo publish" wrote. ` +
      'Update mnas, or fetch it again.',
  },
})
