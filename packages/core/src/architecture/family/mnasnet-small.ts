import { defineArchitecture } from './define.js'

/** MnasNet-small: the authors' model code. 66.0 % top-1, 23.2 ms on a Pixel 1. Its first row declares 16 input filters and
 * receives 8, so the authors' code makes no skip there. */
export const mnasnetSmall = defineArchitecture({
  name: 'mnasnet-small',
  dropout: 0,
  stem: 8, // 112 pixels
  blocks: [
    { op: 'separable', repeats: 1, kernel: 3, stride: 1, filters: 8, skip: 'none' }, // 112
    { op: 'mbconv', repeats: 1, kernel: 3, stride: 2, expansion: 3, filters: 16, skip: 'identity' }, // 56
    { op: 'mbconv', repeats: 2, kernel: 3, stride: 2, expansion: 6, filters: 16, skip: 'identity' }, // 28
    { op: 'mbconv', repeats: 4, kernel: 5, stride: 2, expansion: 6, filters: 32, squeezeExcite: 0.25, skip: 'identity' }, // 14
    { op: 'mbconv', repeats: 3, kernel: 3, stride: 1, expansion: 6, filters: 32, squeezeExcite: 0.25, skip: 'identity' }, // 14
    { op: 'mbconv', repeats: 3, kernel: 5, stride: 2, expansion: 6, filters: 88, squeezeExcite: 0.25, skip: 'identity' }, // 7
    { op: 'mbconv', repeats: 1, kernel: 3, stride: 1, expansion: 6, filters: 144, skip: 'identity' }, // 7
  ],
})
