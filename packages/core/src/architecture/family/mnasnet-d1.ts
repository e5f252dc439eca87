import { defineArchitecture } from './define.js'

/** MnasNet-D1: the authors' model code. */
export const mnasnetD1 = defineArchitecture({
  name: 'mnasnet-d1',
  stem: 32, // 112 pixels
  blocks: [
    { op: 'mbconv', repeats: 1, kernel: 3, stride: 1, expansion: 9, filters: 24, skip: 'identity' }, // 112
    { op: 'mbconv', repeats: 3, kernel: 3, stride: 2, expansion: 9, filters: 36, skip: 'identity' }, // 56
    { op: 'mbconv', repeats: 5, kernel: 3, stride: 2, expansion: 9, filters: 48, skip: 'identity' }, // 28
    { op: 'mbconv', repeats: 4, kernel: 5, stride: 2, expansion: 9, filters: 96, skip: 'identity' }, // 14
    { op: 'mbconv', repeats: 5, kernel: 7, stride: 1, expansion: 3, filters: 96, skip: 'identity' }, // 14
    { op: 'mbconv', repeats: 3, kernel: 3, stride: 2, expansion: 9, filters: 80, skip: 'identity' }, // 7
    { op: 'mbconv', repeats: 1, kernel: 7, stride: 1, expansion: 6, filters: 320, skip: 'none' }, // 7
  ],
})
