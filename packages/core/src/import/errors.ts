import { defineErrors } from '../errors/index.js'
import type { ImportSource } from './import-source.js'

const shownNames = 5

function some(names: readonly string[]): string {
  if (names.length === 0) return 'none'
  const shown = names.slice(0, shownNames).join(', ')
  return names.length > shownNames ? `${shown} and ${names.length - shownNames} more` : shown
}

export const importErrors = defineErrors({
  MNAS_IMPORT_UNKNOWN: {
    exit: 'invalid',
    summary: "A weights file's tensors are not named or laid out like those of a network that mnas knows.",
    message: (d: { file: string; from: ImportSource; known: readonly string[]; received: string }) =>
      `"${d.file}" holds no network that is known by ${d.from}'s names. Expected ${d.known.join(', ')}, at any width, ` +
      `received ${d.received}. Check --from; name another architecture with --arch.`,
  },
  MNAS_IMPORT_PICKLE: {
    exit: 'invalid',
    summary: 'A file of weights is a pickle: reading it would run a program.',
    message: (d: { file: string; what: string; target: string }) =>
      `"${d.file}" is ${d.what}. Expected safetensors. Convert it in Python, and import ${JSON.stringify(d.target)}: ` +
      `import torch, safetensors.torch; weights = torch.load(${JSON.stringify(d.file)}, map_location="cpu", ` +
      'weights_only=True); ' +
      `safetensors.torch.save_file(weights.get("state_dict", weights), ${JSON.stringify(d.target)}).`,
  },
  MNAS_IMPORT_MISMATCH: {
    exit: 'invalid',
    summary: 'A weights file lacks tensors of the architecture, or holds others, or of other shapes.',
    message: (d: {
      file: string
      architecture: string
      missing: readonly string[]
      leftOver: readonly string[]
      misshapen: readonly string[]
    }) =>
      `"${d.file}" does not fit "${d.architecture}". Expected one tensor for every parameter and no others, ` +
      `received: missing ${some(d.missing)}; left over ${some(d.leftOver)}; misshapen ${some(d.misshapen)}. ` +
      'Check --from and --arch, and that the file holds the weights of a whole classifier.',
  },
  MNAS_IMPORT_VALUES: {
    exit: 'invalid',
    summary: 'A weights file holds NaN or infinite numbers, or a negative variance.',
    message: (d: { file: string; tensor: string; value: number }) =>
      `The tensor "${d.tensor}" of "${d.file}" is not usable. Expected finite numbers, and variances of at least 0, ` +
      `received ${d.value}. Save the weights again from a model that works.`,
  },
  MNAS_IMPORT_LABELS: {
    exit: 'invalid',
    summary: 'A file of labels does not name each class of the imported classifier once.',
    message: (d: { file: string; expected: number; received: string }) =>
      `The labels in "${d.file}" are not the classifier's. ` +
      `Expected ${d.expected} different lines of UTF-8, one per class in order, ` +
      `received ${d.received}.`,
  },
  MNAS_IMPORT_CROP: {
    exit: 'usage',
    summary: '--crop-fraction is not a share of the image.',
    message: (d: { received: string }) =>
      `Wrong crop. Expected a number above 0 and at most 1, received ${JSON.stringify(d.received)}. ` +
      'It is the side of the evaluation crop divided by the resized short side, e.g. 224/256 = 0.875.',
  },
  MNAS_IMPORT_EXISTS: {
    exit: 'invalid',
    summary: 'The folder for an imported model holds another model.',
    message: (d: { out: string }) =>
      `"${d.out}" holds another model. Expected a new folder, or one that this file was imported into before. ` +
      'Choose another --out.',
  },
})
