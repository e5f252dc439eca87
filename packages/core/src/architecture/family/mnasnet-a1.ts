import { defineArchitecture } from './define.js'

/** MnasNet-A1: Tan et al. 2019, figure 7. 75.2 % top-1, 78 ms on a Pixel 1. */
export const mnasnetA1 = defineArchitecture({
  name: 'mnasnet-a1',
  stem: 32, // 112 pixels
  blocks: [
    { op: 'separable', repeats: 1, kernel: 3, stride: 1, filters: 16, skip: 'none' }, // 112
    { op: 'mbconv', repeats: 2, kernel: 3, stride: 2, expansion: 6, filters: 24, skip: 'identity' }, // 56
    { op: 'mbconv', repeats: 3, kernel: 5, stride: 2, expansion: 3, filters: 40, squeezeExcite: 0.25, skip: 'identity' }, // 28
    { op: 'mbconv', repeats: 4, kernel: 3, stride: 2, expansion: 6, filters: 80, skip: 'identity' }, // 14
    { op: 'mbconv', repeats: 2, kernel: 3, stride: 1, expansion: 6, filters: 112, squeezeExcite: 0.25, skip: 'identity' }, // 14
    { op: 'mbconv', repeats: 3, kernel: 5, stride: 2, expansion: 6, filters: 160, squeezeExcite: 0.25, skip: 'identity' }, // 7
    { op: 'mbconv', repeats: 1, kernel: 3, stride: 1, expansion: 6, filters: 320, skip: 'identity' }, // 7
  ],
})
