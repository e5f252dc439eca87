import { defineArchitecture } from './define.js'

/** MobileNetV2, the peer: Sandler et al. 2018, table 2. 72.0 % top-1, 75 ms on a Pixel 1. ReLU6. */
export const mobilenetV2 = defineArchitecture({
  name: 'mobilenet-v2',
  activation: 'relu6',
  stem: 32, // 112 pixels
  blocks: [
    { op: 'separable', repeats: 1, kernel: 3, stride: 1, filters: 16, skip: 'identity' }, // 112
    { op: 'mbconv', repeats: 2, kernel: 3, stride: 2, expansion: 6, filters: 24, skip: 'identity' }, // 56
    { op: 'mbconv', repeats: 3, kernel: 3, stride: 2, expansion: 6, filters: 32, skip: 'identity' }, // 28
    { op: 'mbconv', repeats: 4, kernel: 3, stride: 2, expansion: 6, filters: 64, skip: 'identity' }, // 14
    { op: 'mbconv', repeats: 3, kernel: 3, stride: 1, expansion: 6, filters: 96, skip: 'identity' }, // 14
    { op: 'mbconv', repeats: 3, kernel: 3, stride: 2, expansion: 6, filters: 160, skip: 'identity' }, // 7
    { op: 'mbconv', repeats: 1, kernel: 3, stride: 1, expansion: 6, filters: 320, skip: 'identity' }, // 7
  ],
})
