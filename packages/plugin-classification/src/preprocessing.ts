import type { Preprocessing } from '@mnas/core/contracts'

/** Of models trained from scratch. Evaluation: short side to inputSize / .875, centre crop of inputSize (224 of 256), pixels to [−1, 1]. */
export const preprocessing = {
  fit: { kind: 'crop', fraction: 0.875 },
  mean: [127.5, 127.5, 127.5],
  std: [127.5, 127.5, 127.5],
  exif: 'applied',
} as const satisfies Preprocessing

/** Of weights of another model: mean and deviation, and its crop when it has one. */
export function inherit(other: Preprocessing): Preprocessing {
  return other.fit.kind === 'crop' ? other : { ...other, fit: preprocessing.fit }
}
