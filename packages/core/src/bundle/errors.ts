import { defineErrors } from '../errors/index.js'

export const bundleErrors = defineErrors({
  MNAS_BUNDLE_CORRUPT: {
    exit: 'invalid',
    summary: "A bundle's model.json is not valid, or its weights are missing.",
    message: (d: { path: string; field: string; expected: string; received: unknown }) =>
      `The bundle file ${d.path} is not valid at "${d.field}". Expected ${d.expected}, received ${shorten(d.received)}. ` +
      'Copy the whole folder again, or train again with "mnas train".',
  },
  MNAS_BUNDLE_VERSION: {
    exit: 'invalid',
    summary: 'A bundle was written by a newer mnas.',
    message: (d: { path: string; expected: number; received: number }) =>
      `The bundle ${d.path} was written by a newer mnas. Expected version ${d.expected}, received ${d.received}. Update mnas.`,
  },
  MNAS_MODEL_FOLDER: {
    exit: 'invalid',
    summary: 'A folder was named as a model that is neither a bundle nor a run.',
    message: (d: { folder: string; hint: string }) =>
      `"${d.folder}" is no model. Expected a bundle (model.json), a run (run.json), an architecture file or a name, ` +
      `received a folder ${d.hint}.`,
  },
  MNAS_MODEL_FILE: {
    exit: 'invalid',
    summary: 'A file was named as a model that is not an architecture in JSON.',
    message: (d: { path: string; reason: string }) =>
      `"${d.path}" is no model: ${d.reason}. Expected an architecture as JSON, a bundle, a run or a name. ` +
      '"mnas arch show mnasnet-a1 --json" shows what one looks like.',
  },
  MNAS_MODEL_CANDIDATE: {
    exit: 'usage',
    summary: 'A run has several networks to choose from and none of them was named, or one was named that it does not have.',
    message: (d: { model: string; candidates: readonly string[]; received: string }) =>
      d.candidates.length === 0
        ? `"${d.model}" is one network. Expected no --candidate, received ${d.received}. Leave it out.`
        : `"${d.model}" has several networks to choose from. Expected --candidate with the id of one of them, ` +
          `received ${d.received}: ${d.candidates.join('; ')}. "mnas search front ${d.model}" shows more of them.`,
  },
  MNAS_MODEL_RUN_EMPTY: {
    exit: 'invalid',
    summary: 'A run was named as a model and has no trained candidate yet.',
    message: (d: { folder: string }) =>
      `The run "${d.folder}" has no best candidate yet. Expected at least one completed trial, received none. ` +
      'Continue it with its "mnas search" command.',
  },
  MNAS_MODEL_UNTRAINED: {
    exit: 'invalid',
    summary:
      'Trained weights are needed and the model has none: a search keeps only proxy results, an architecture has no weights.',
    message: (d: { model: string; kind: 'run' | 'architecture' }) =>
      d.kind === 'run'
        ? `The run "${d.model}" has no fully trained model: its candidates saw only a short proxy training. ` +
          `Expected trained weights. Train its best with "mnas train ${d.model} --data FOLDER".`
        : `The architecture "${d.model}" has no weights. Expected a trained bundle. ` +
          `Train it with "mnas train ${d.model} --data FOLDER".`,
  },
})

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
