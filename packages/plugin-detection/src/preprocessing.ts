import type { Fit, Preprocessing } from '@mnas/core/contracts'

/** Of models trained from scratch: the whole picture, stretched to the input, pixels to [−1, 1], as TensorFlow's configuration has it. */
export const preprocessing = {
  fit: { kind: 'stretch' },
  mean: [127.5, 127.5, 127.5],
  std: [127.5, 127.5, 127.5],
  exif: 'applied',
} as const satisfies Preprocessing

/** For photos whose shapes must stay as they are: the whole picture in the middle of grey, which is as good as 0 to the network. */
export const otherFits = [{ kind: 'letterbox', fill: [128, 128, 128] }] as const satisfies readonly Fit[]

/** Of weights of another model: mean and deviation. A crop would cut objects away, and how a photo is fitted is no matter of weights. */
export function inherit({ mean, std }: Preprocessing): Preprocessing {
  return { ...preprocessing, mean, std }
}
