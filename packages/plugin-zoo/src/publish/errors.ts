import { defineErrors } from '@mnas/core/errors'

/** What is not published. */
export const publishErrors = defineErrors({
  MNAS_ZOO_NAME: {
    exit: 'usage',
    summary: 'A model was to be published under a name or a release that no zoo takes.',
    message: (d: { what: 'name' | 'release'; received: string }) =>
      d.what === 'name'
        ? `"${d.received}" is no name of an entry. Expected OWNER/NAME of lower-case letters, digits and "-._", ` +
          `e.g. me/photos, received "${d.received}". Choose another --name.`
        : `"${d.received}" is no release. Expected a version such as 1.0.0 or 2.1.0-rc.1, received "${d.received}". ` +
          'Choose another --release.',
  },
  MNAS_ZOO_LICENCE_MISSING: {
    exit: 'usage',
    summary: 'A model was to be published without a licence: nobody could use it.',
    message: (d: { model: string }) =>
      `Nobody says under which licence "${d.model}" may be used. Expected --licence with an SPDX expression, received none. ` +
      'E.g. --licence MIT, --licence Apache-2.0, --licence CC-BY-4.0.',
  },
  MNAS_ZOO_LICENCE: {
    exit: 'usage',
    summary: 'A licence is not named as SPDX names it.',
    message: (d: { flag: string; received: string }) =>
      `"${d.received}" is no licence. Expected an SPDX expression such as MIT, Apache-2.0 or "MIT OR Apache-2.0", ` +
      `received "${d.received}". Correct ${d.flag}.`,
  },
  MNAS_ZOO_RELICENSE: {
    exit: 'invalid',
    summary: 'Weights were to be published under another licence than those that they began with.',
    message: (d: { model: string; parent: string; expected: string; received: string }) =>
      `"${d.model}" began with the weights of ${d.parent}. Expected their licence, ${d.expected}, received ${d.received}. ` +
      'If you may give them another one, say why: --relicense "REASON" (it stands in the entry).',
  },
  MNAS_ZOO_PRIVATE: {
    exit: 'invalid',
    summary: "A file that was to be published holds a path of this computer, the user's home folder or the computer's name.",
    message: (d: { file: string; what: string; line: number; received: string }) =>
      `Nothing was published: line ${d.line} of "${d.file}" holds ${d.what}. Expected nothing of this computer, ` +
      `received ${d.received}. Take it out of the file, or give the model another name.`,
  },
  MNAS_ZOO_FINGERPRINT: {
    exit: 'invalid',
    summary: 'A model has metrics and does not say of which images.',
    message: (d: { model: string; received: string }) =>
      `"${d.model}" has metrics, but its provenance does not say on which images they were measured. Expected a data ` +
      `fingerprint, received ${d.received}. Train it with "mnas train", which writes it down.`,
  },
  MNAS_ZOO_ORIGIN: {
    exit: 'invalid',
    summary: 'A model does not say where its weights come from.',
    message: (d: { model: string; field: string }) =>
      `"${d.model}" does not say where its weights come from. Expected "${d.field}" in the provenance of its model.json, ` +
      'received none. Publish what "mnas train" or "mnas import" wrote.',
  },
  MNAS_ZOO_EXPORT_STRUCTURE: {
    exit: 'invalid',
    summary: "A file among a model's exports was made of another network.",
    message: (d: { file: string; model: string; expected: string; received: string }) =>
      `"${d.file}" is not of the network of "${d.model}". Expected the structure ${d.expected}, received ${d.received}. ` +
      'Delete it and run "mnas deploy" or "mnas export" again.',
  },
  MNAS_ZOO_EXPORT_CHANGED: {
    exit: 'invalid',
    summary: 'A file among the exports of a model is not the one that its facts tell of.',
    message: (d: { file: string; expected: string; received: string }) =>
      `"${d.file}" was changed after it was written. Expected the sha256 ${d.expected.slice(0, 12)}… of "${d.file}.json", ` +
      `received ${d.received.slice(0, 12)}…. Run "mnas deploy" or "mnas export" again.`,
  },
  MNAS_ZOO_EMULATED: {
    exit: 'invalid',
    summary: 'A latency of an emulated device was to be published.',
    message: (d: { file: string; device: string }) =>
      `"${d.file}" was timed on "${d.device}", which is emulated. Expected latencies of hardware, received one of software. ` +
      '--allow-emulated publishes it, marked as what it is for ever.',
  },
  MNAS_ZOO_PATH: {
    exit: 'invalid',
    summary: 'A file has a name that not every computer can have.',
    message: (d: { path: string }) =>
      `"${d.path}" cannot be published under its name. Expected a path of letters, digits and "._@-" between "/", ` +
      `at most 200 characters, received "${d.path}". Rename the model's folder and write its files again.`,
  },
  MNAS_ZOO_LIMITS: {
    exit: 'invalid',
    summary: 'A model has more or larger files than an entry may have.',
    message: (d: { what: string; most: number; received: number }) =>
      `Too much for one entry: ${d.what}. Expected at most ${d.most}, received ${d.received}. ` +
      'Remove exports or charts that nobody needs.',
  },
  MNAS_ZOO_TEXT: {
    exit: 'invalid',
    summary: 'A text that was to be published would command the terminal of whoever reads it.',
    message: (d: { field: string; expected: string }) =>
      `Nothing was published: "${d.field}" holds a control character. Expected ${d.expected}. ` +
      'Change the label, name or flag that it comes from.',
  },
  MNAS_ZOO_CARD: {
    exit: 'invalid',
    summary: 'A card file cannot be used.',
    message: (d: { path: string; reason: string }) =>
      `The card "${d.path}" cannot be used: ${d.reason}. Expected YAML with summary, intendedUse, limits and risks, ` +
      'each a text. Leave out what you do not want to say.',
  },
})
