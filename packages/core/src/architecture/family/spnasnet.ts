import { defineArchitecture } from './define.js'

/** Single-Path NAS: Stamoulis et al. 2019, its rows as timm writes them. 75.0 % top-1, 79 ms on a Pixel 1 in the paper. */
export const spnasnet = defineArchitecture({
  name: 'spnasnet',
  stem: 32, // 112 pixels
  blocks: [
    { op: 'separable', repeats: 1, kernel: 3, stride: 1, filters: 16, skip: 'none' }, // 112
    { op: 'mbconv', repeats: 3, kernel: 3, stride: 2, expansion: 3, filters: 24, skip: 'identity' }, // 56
    { op: 'mbconv', repeats: 1, kernel: 5, stride: 2, expansion: 6, filters: 40, skip: 'identity' }, // 28
    { op: 'mbconv', repeats: 3, kernel: 3, stride: 1, expansion: 3, filters: 40, skip: 'identity' }, // 28
    { op: 'mbconv', repeats: 1, kernel: 5, stride: 2, expansion: 6, filters: 80, skip: 'identity' }, // 14
    { op: 'mbconv', repeats: 3, kernel: 3, stride: 1, expansion: 3, filters: 80, skip: 'identity' }, // 14
    { op: 'mbconv', repeats: 1, kernel: 5, stride: 1, expansion: 6, filters: 96, skip: 'identity' }, // 14
    { op: 'mbconv', repeats: 3, kernel: 5, stride: 1, expansion: 3, filters: 96, skip: 'identity' }, // 14
    { op: 'mbconv', repeats: 4, kernel: 5, stride: 2, expansion: 6, filters: 192, skip: 'identity' }, // 7
    { op: 'mbconv', repeats: 1, kernel: 3, stride: 1, expansion: 6, filters: 320, skip: 'none' }, // 7
  ],
})
