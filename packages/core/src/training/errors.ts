import { defineErrors } from '../errors/index.js'

export const trainingErrors = defineErrors({
  MNAS_TRAIN_RECIPE: {
    exit: 'invalid',
    summary: 'A recipe has a wrong or unknown field.',
    message: (d: { issues: string }) =>
      `The training recipe is not valid: ${d.issues}. Expected the fields that docs/recipes.md lists.`,
  },
  MNAS_TRAIN_RECIPE_FILE: {
    exit: 'invalid',
    summary: '--recipe is neither the name of a recipe nor a file that holds one.',
    message: (d: { argument: string; reason: string; known: readonly string[] }) =>
      `Cannot use the recipe "${d.argument}": ${d.reason}. Expected ${d.known.join(', ')} or a JSON file, which may begin with ` +
      `"extends": "${d.known[0]}". Correct the name or the file; docs/recipes.md shows one.`,
  },
  MNAS_TRAIN_FREEZE: {
    exit: 'invalid',
    summary: '--freeze names a part that the network does not have.',
    message: (d: { name: string; rows: number; received: string }) =>
      `"${d.name}" has no stage "${d.received}" to freeze. Expected stem or rows from 1 to ${d.rows}, separated by commas, ` +
      `received "${d.received}". Look at its table with "mnas arch show".`,
  },
  MNAS_TRAIN_DIVERGED: {
    exit: 'training',
    summary: 'The loss became NaN or infinite, in training or in an evaluation.',
    message: (d: { step: number; received: string; learningRate: number; saved: number | null }) =>
      `Training diverged at step ${d.step}: expected finite numbers, received ${d.received} (learning rate ` +
      `${d.learningRate.toPrecision(3)}). ` +
      'Train into another --out with a lower learning rate or a longer warm-up (--recipe FILE); ' +
      (d.saved === null ? 'there was no checkpoint yet.' : `the last good checkpoint, of step ${d.saved}, is kept.`),
  },
  MNAS_TRAIN_TOO_FEW_IMAGES: {
    exit: 'data',
    summary: 'The training split holds fewer than two images.',
    message: (d: { images: number }) =>
      `Too few images to train: expected at least 2 in the training split, received ${d.images}. Add photos to the folder.`,
  },
  MNAS_TRAIN_WORKER_LOST: {
    exit: 'training',
    summary: 'The process that trains ended without a result: killed, crashed, or silent. Want of memory has a code of its own.',
    message: (d: { cause: string }) =>
      `The training process ended without a result (${d.cause}). The same command continues from the last checkpoint.`,
  },
  MNAS_TRAIN_MEMORY: {
    exit: 'training',
    summary: 'Memory ran out in training. The message names the batch that fits, by the estimate of the engine.',
    message: (d: { cause: string; batchSize: number; wanted: string; room: string; advice: string }) =>
      `Memory ran out in training with batches of ${d.batchSize} (${d.cause}). ` +
      `Expected ${d.wanted} for its steps, received ${d.room}. ${d.advice}`,
  },
  MNAS_TRAIN_SETTINGS: {
    exit: 'invalid',
    summary: 'The output folder belongs to a training with other settings.',
    message: (d: { folder: string; differs: string }) =>
      `"${d.folder}" holds a training with other settings (${d.differs}). Expected the same command to resume it; ` +
      'choose another --out, or repeat the original settings.',
  },
  MNAS_CHECKPOINT_CORRUPT: {
    exit: 'training',
    summary: 'A checkpoint file cannot be read or belongs to another training.',
    message: (d: { path: string; reason: string }) =>
      `The checkpoint "${d.path}" cannot be used: ${d.reason}. Delete it and run the same command: ` +
      'training starts again from the beginning.',
  },
  MNAS_DATA_CHANGED: {
    exit: 'data',
    summary: 'The photos are not the ones that a run or training began with.',
    message: (d: { folder: string; expected: string; received: string }) =>
      `The images in "${d.folder}" have changed: expected fingerprint ${d.expected.slice(0, 12)}, received ` +
      `${d.received.slice(0, 12)}. ` +
      'Restore the files, or begin anew with another --out.',
  },
})
