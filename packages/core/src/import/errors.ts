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
  MNAS_IMPORT_FROM: {
    exit: 'usage',
    summary: 'It was not said whose names the tensors of a weights file have.',
    message: (d: { file: string; known: readonly ImportSource[] }) =>
      `Whose names do the tensors of "${d.file}" have? Expected --from with ${d.known.join(', ')}, received none. ` +
      'A folder with config.json, as timm publishes it, says so itself: import the folder.',
  },
  MNAS_IMPORT_STYLE: {
    exit: 'invalid',
    summary: 'How a network was trained (padding, epsilon, mean or deviation) cannot be told by its tensors, and was not said.',
    message: (d: { file: string; architecture: string; missing: readonly string[] }) =>
      `"${d.file}" holds ${d.architecture}, whose tensors are the same however it was trained. ` +
      `Expected ${d.missing.join(', ')}, received none of these. ` +
      'timm has symmetric, 1e-5, 123.675,116.28,103.53 and 58.395,57.12,57.375 for efficientnet_lite*, ' +
      'and same, 1e-3 and twice 127.5,127.5,127.5 for tf_efficientnet_lite*. Or import the folder with its config.json.',
  },
  MNAS_IMPORT_PIXELS: {
    exit: 'usage',
    summary: '--mean or --std is not three numbers on pixels of 0 to 255.',
    message: (d: { flag: string; received: string }) =>
      `Wrong ${d.flag}. Expected three numbers, on pixels of 0 to 255, received ${JSON.stringify(d.received)}. ` +
      'Write it as in 127.5,127.5,127.5; numbers on pixels of 0 to 1, as PyTorch has them, are to be multiplied by 255.',
  },
  MNAS_IMPORT_EPSILON: {
    exit: 'usage',
    summary: '--epsilon is not a number that is added to a variance.',
    message: (d: { received: string }) =>
      `Wrong epsilon. Expected a number above 0 and at most 1, received ${JSON.stringify(d.received)}. ` +
      "PyTorch's batch norm has 1e-5, TensorFlow's 1e-3.",
  },
  MNAS_IMPORT_FOLDER: {
    exit: 'invalid',
    summary: 'A folder is none that timm publishes: it lacks config.json or model.safetensors.',
    message: (d: { folder: string; missing: string }) =>
      `"${d.folder}" holds no published model. Expected config.json and model.safetensors, as timm writes them, ` +
      `received no ${d.missing}. For weights alone, name the file and --from.`,
  },
  MNAS_IMPORT_CONFIG: {
    exit: 'invalid',
    summary: "A published model's config.json cannot be read, contradicts a flag, or asks for what mnas does not do.",
    message: (d: { file: string; field: string; expected: string; received: string }) =>
      `"${d.file}" has a wrong field ${d.field}. Expected ${d.expected}, received ${d.received}. ` +
      'It has to be as timm writes it beside its weights.',
  },
  MNAS_IMPORT_NETWORK: {
    exit: 'invalid',
    summary: "A published model's config.json names a network that mnas does not know.",
    message: (d: { file: string; received: string; known: readonly string[] }) =>
      `"${d.file}" names another network. Expected timm's name of ${d.known.join(', ')}, at any width, ` +
      `received "${d.received}". "mnas arch list" shows what there is.`,
  },
  MNAS_IMPORT_DISAGREE: {
    exit: 'invalid',
    summary: "A published model's weights are not those of the network that its config.json names.",
    message: (d: { file: string; model: string; expected: string; received: string }) =>
      `config.json names "${d.model}", and "${d.file}" holds something else. Expected ${d.expected}, received ${d.received}. ` +
      'Fetch both files of one release again.',
  },
  MNAS_IMPORT_PICKLE: {
    exit: 'invalid',
    summary: 'A file of weights is a pickle: reading it would run a program.',
    message: (d: { file: string; what: string; target: string }) =>
      `"${d.file}" is ${d.what}. Expected safetensors. Convert it in Python, and import ${JSON.stringify(d.target)}: ` +
      `import torch, safetensors.torch; weights = torch.load(${JSON.stringify(d.file)}, map_location="cpu", ` +
      'weights_only=True); weights = weights.get("state_dict", weights); ' +
      `safetensors.torch.save_file({name: weights[name].contiguous() for name in weights}, ${JSON.stringify(d.target)}).`,
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
    summary: 'The folder for an imported model holds something else.',
    message: (d: { out: string; received: string }) =>
      `"${d.out}" holds ${d.received}. Expected a new or empty folder, or one that this file was imported into before. ` +
      'Choose another --out.',
  },
})
