import { defineErrors } from '@mnas/core/errors'
import { quotedName } from './flatbuffer/quoted-name.js'

/** Every error that @mnas/tflite raises, in the order of docs/errors.md. */
export const tfliteErrors = defineErrors({
  MNAS_EXPORT_LABELS: {
    exit: 'invalid',
    summary:
      'A .tflite file cannot carry the labels of a model: they are not as many as its classes, empty, or broken over lines.',
    message: (d: { expected: string; received: string }) =>
      `The labels do not fit into a .tflite file. Expected ${d.expected}, received ${d.received}. ` +
      "Nothing was written; correct `labels` in the bundle's model.json.",
  },
  MNAS_RUNTIME_MODEL: {
    exit: 'invalid',
    summary: 'A runtime cannot load or run a model file: it is damaged, of another format, or holds an op the runtime lacks.',
    message: (d: { runtime: string; file: string; cause: string }) =>
      `${d.runtime} cannot run "${d.file}": ${d.cause}. Expected an intact .tflite file of TensorFlow Lite's own ops; ` +
      'write it again with the program that made it.',
  },
  MNAS_RUNTIME_TYPE: {
    exit: 'invalid',
    summary: 'A runtime cannot hand over inputs or outputs of a type that a model file has.',
    message: (d: { runtime: string; file: string; tensor: string; expected: readonly string[]; received: string }) =>
      `${d.runtime} cannot run "${d.file}": expected ${d.expected.join(', ')}, received ${d.received} for its tensor ` +
      `${quotedName(d.tensor)}. ` +
      'The native library takes all of them: "mnas device setup host".',
  },
  MNAS_RUNTIME_INPUT: {
    exit: 'invalid',
    summary: 'A tensor handed to a model is missing, or has another shape or type than the model declares.',
    message: (d: { runtime: string; input: string; expected: string; received: string }) =>
      `${d.runtime} cannot feed the input ${quotedName(d.input)}. Expected ${d.expected}, received ${d.received}. ` +
      'Check the input size and the batch (1).',
  },
  MNAS_RUNTIME_OPTION: {
    exit: 'usage',
    summary: 'A runtime was asked for something it cannot do, such as more threads than it has.',
    message: (d: { runtime: string; option: string; expected: string; received: string }) =>
      `${d.runtime} cannot be timed with that ${d.option}. Expected ${d.expected}, received ${d.received}. ` +
      'Change the option or use another runtime.',
  },
  MNAS_RUNTIME_CRASHED: {
    exit: 'device',
    summary: 'The process in which a model ran ended by itself, or used more memory than it may.',
    message: (d: { runtime: string; file: string; cause: string }) =>
      `The process in which ${d.runtime} ran "${d.file}" ended before it answered: ${d.cause}. ` +
      'Try again, or run the file on another runtime.',
  },
  MNAS_RUNTIME_TIMEOUT: {
    exit: 'device',
    summary: 'A model did not load or answer within its time limit.',
    message: (d: { runtime: string; file: string; limitMs: number }) =>
      `${d.runtime} did not answer for "${d.file}". Expected an answer within ${d.limitMs / 1000} s, received none. ` +
      'Try a smaller model or a less busy computer.',
  },
  MNAS_RUNTIME_UNAVAILABLE: {
    exit: 'plugin',
    summary: 'A runtime is not installed completely.',
    message: (d: { runtime: string; cause: string }) =>
      `The runtime ${d.runtime} is not usable: ${d.cause}. Expected a complete installation; run "npm install" again.`,
  },
  MNAS_LITERT_MISSING: {
    exit: 'device',
    summary: 'LiteRT’s native library is not on this computer.',
    message: (d: { searched: readonly string[] }) =>
      `LiteRT’s native library was not found. Expected ${d.searched.join(' or ')}. Run "mnas device setup host", which gets it.`,
  },
  MNAS_LITERT_LIBRARY: {
    exit: 'device',
    summary: 'LiteRT’s native library is there and cannot be loaded, or is another version than the one it is called by.',
    message: (d: { path: string; cause: string }) =>
      `Cannot use the LiteRT library "${d.path}": ${d.cause}. ` +
      'Expected the library of ai-edge-litert 2.3.0 for this platform; run "mnas device setup host".',
  },
  MNAS_LITERT_PYTHON: {
    exit: 'device',
    summary: 'The set-up of LiteRT needs Python with pip to download the package, and there is none.',
    message: (d: { received: string }) =>
      `Cannot download LiteRT: ${d.received}. Expected "python3 -m pip" to work. ` +
      'Install Python 3 with pip, or give the library with --option library=PATH.',
  },
  MNAS_LITERT_DOWNLOAD: {
    exit: 'device',
    summary: 'pip could not download the package with LiteRT’s library for this platform.',
    message: (d: { requirement: string; cause: string }) =>
      `pip could not download ${d.requirement}: ${d.cause}. ` +
      'Check the network and that this platform has a wheel, or give the library with --option library=PATH.',
  },
  MNAS_LITERT_PACKAGE: {
    exit: 'device',
    summary: 'The downloaded package of LiteRT is not what was expected: no library in it, or damaged.',
    message: (d: { path: string; expected: string; received: string }) =>
      `Cannot take LiteRT’s library out of "${d.path}". Expected ${d.expected}, received ${d.received}. ` +
      'Run "mnas device setup host" again.',
  },
  MNAS_LITERT_CHECKSUM: {
    exit: 'device',
    summary: 'LiteRT’s downloaded library has another sha256 than the reference.',
    message: (d: { expected: string; received: string }) =>
      `LiteRT’s library is not the expected one. Expected sha256 ${d.expected}, received ${d.received}. ` +
      'Nothing was installed; try again on another network.',
  },
})
