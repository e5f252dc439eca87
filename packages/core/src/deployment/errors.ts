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
