import type { Preprocessing } from '@mnas/core/contracts'

/** Of models trained from scratch. Evaluation: short side to inputSize / .875, centre crop of inputSize (224 of 256), pixels to [−1, 1]. */
export const preprocessing = {
  resize: 'shortSide',
  cropFraction: 0.875,
  mean: [127.5, 127.5, 127.5],
  std: [127.5, 127.5, 127.5],
  exif: 'applied',
} as const satisfies Preprocessing
