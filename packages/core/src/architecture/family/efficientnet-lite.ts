import type { Architecture } from '../architecture.js'
import { scaleInside } from '../scale-architecture.js'
import { defineArchitecture } from './define.js'

/** EfficientNet-Lite's rows before they are scaled: EfficientNet-B0's without squeeze-and-excite, and ReLU6 for Swish. */
const lite0 = defineArchitecture({
  name: 'efficientnet-lite0',
  activation: 'relu6',
  stem: 32, // 112 pixels
  blocks: [
    { op: 'separable', repeats: 1, kernel: 3, stride: 1, filters: 16, skip: 'identity' }, // 112
    { op: 'mbconv', repeats: 2, kernel: 3, stride: 2, expansion: 6, filters: 24, skip: 'identity' }, // 56
    { op: 'mbconv', repeats: 2, kernel: 5, stride: 2, expansion: 6, filters: 40, skip: 'identity' }, // 28
    { op: 'mbconv', repeats: 3, kernel: 3, stride: 2, expansion: 6, filters: 80, skip: 'identity' }, // 14
    { op: 'mbconv', repeats: 3, kernel: 5, stride: 1, expansion: 6, filters: 112, skip: 'identity' }, // 14
    { op: 'mbconv', repeats: 4, kernel: 5, stride: 2, expansion: 6, filters: 192, skip: 'identity' }, // 7
    { op: 'mbconv', repeats: 1, kernel: 3, stride: 1, expansion: 6, filters: 320, skip: 'identity' }, // 7
  ],
})

/** The authors' table (tensorflow/tpu, efficientnet/lite): Lite0 to Lite4 by width, depth, pixels and dropout. */
const scalings = [
  { width: 1, depth: 1, size: 224, dropout: 0.2 },
  { width: 1, depth: 1.1, size: 240, dropout: 0.2 },
  { width: 1.1, depth: 1.2, size: 260, dropout: 0.3 },
  { width: 1.2, depth: 1.4, size: 280, dropout: 0.3 },
  { width: 1.4, depth: 1.8, size: 300, dropout: 0.3 },
] as const

/** EfficientNet-Lite0 to Lite4: stem, head, and the depth of the first and the last row stay as they are. */
export const efficientnetLite: readonly Architecture[] = scalings.map(({ width, depth, size, dropout }, number) => ({
  ...scaleInside(lite0, { width, depth, inputSize: size }),
  name: `efficientnet-lite${number}`,
  task: { name: lite0.task.name, options: { ...lite0.task.options, dropout } },
}))
