import { defineErrors } from '../errors/index.js'

/** Mistakes on the way from a model to a timed and verified file. */
export const deploymentErrors = defineErrors({
  MNAS_DEPLOY_UNTRAINED: {
    exit: 'invalid',
    summary: 'A model without trained weights was to be deployed.',
    message: (d: { model: string }) =>
      `"${d.model}" has no trained weights. Expected a model bundle or a run with a trained best, received an architecture. ` +
      `Train it first ("mnas train ${d.model} --data DIR"), or add --random-weights to time and check the file alone.`,
  },
  MNAS_MODEL_FIXED: {
    exit: 'usage',
    summary:
      'A model file was to be timed at another size, or a model file or trained model for another task or number of classes.',
    message: (d: { model: string; what: string; flag: string }) =>
      `"${d.model}" is ${d.what}, which cannot be changed. Expected no ${d.flag}, received one. ` +
      'Leave it out, or name the architecture instead.',
  },
  MNAS_DEPLOY_WORSE: {
    exit: 'constraint',
    summary:
      'A file does worse than its model, or answers otherwise, by more than was allowed. The files are written and recorded.',
    message: (d: { findings: readonly string[] }) =>
      `${d.findings.join('; ')}. The files stay. Give more --calibration-images, ` +
      'choose another --quantize ("weights" costs least), or allow more by --max-drop or --min-agreement.',
  },
  MNAS_DEPLOY_LIMIT: {
    exit: 'usage',
    summary: '--max-drop or --min-agreement was given where nothing tells how good a file is.',
    message: (d: { limits: readonly string[]; received: string; fix: string }) =>
      `The files cannot be held to ${d.limits.join(' and ')}. ` +
      `Expected a trained model, photos to compare on and something that runs the files, received ${d.received}. ` +
      `${d.fix}, or leave ${d.limits.join(' and ')} out.`,
  },
  MNAS_DEPLOY_PRECISION: {
    exit: 'usage',
    summary: '--quantize names a precision that there is not, or one twice.',
    message: (d: { received: string; known: readonly string[] }) =>
      `--quantize cannot be "${d.received}". Expected some of ${d.known.join(', ')}, each once, ` +
      'with commas between them. Correct it.',
  },
  MNAS_DEPLOY_OPTION: {
    exit: 'usage',
    summary: 'An option was given of how a deployed model makes its answers that its task does not know, or with a wrong value.',
    message: (d: { task: string; option: string; expected: string; received: string }) =>
      `A model of the task ${d.task} cannot be deployed with the option "${d.option}". Expected ${d.expected}, ` +
      `received ${d.received}. Correct it or leave it out.`,
  },
  MNAS_EXPORT_FOLDER: {
    exit: 'invalid',
    summary: "A model's file was to be written among images.",
    message: (d: { folder: string; images: string }) =>
      `Nothing can be written to "${d.folder}". Expected a place outside of the images, ` +
      `received one among those of "${d.images}", where it would be taken for a class. Choose another --out.`,
  },
  MNAS_DEPLOY_OUTPUT: {
    exit: 'device',
    summary: 'A runtime gave fewer or other outputs than the model has, or none that are numbers.',
    message: (d: { expected: string; received: string }) =>
      `The runtime's answers do not fit the model: expected ${d.expected}, received ${d.received}. ` +
      'The file is not verified; "mnas doctor" checks the runtimes.',
  },
})
