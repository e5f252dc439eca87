import { defineArchitecture } from './define.js'

/**
 * FBNet-C: Wu et al. 2019, its rows as timm writes them. 74.9 % top-1 and 375 M multiply-adds in the paper. Its layers of
 * expansion 1 keep the 1×1 convolution before the depthwise one, and its authors used PyTorch's padding and epsilon.
 */
export const fbnetC = defineArchitecture({
  name: 'fbnet-c',
  padding: 'symmetric',
  batchNormEpsilon: 1e-5,
  stem: 16, // 112 pixels
  blocks: [
    plain({ repeats: 1, filters: 16 }), // 112
    { op: 'mbconv', repeats: 1, kernel: 3, stride: 2, expansion: 6, filters: 24, skip: 'identity' }, // 56
    plain({ repeats: 2, filters: 24 }), // 56
    { op: 'mbconv', repeats: 1, kernel: 5, stride: 2, expansion: 6, filters: 32, skip: 'identity' }, // 28
    { op: 'mbconv', repeats: 1, kernel: 5, stride: 1, expansion: 3, filters: 32, skip: 'identity' }, // 28
    { op: 'mbconv', repeats: 1, kernel: 5, stride: 1, expansion: 6, filters: 32, skip: 'identity' }, // 28
    { op: 'mbconv', repeats: 1, kernel: 3, stride: 1, expansion: 6, filters: 32, skip: 'identity' }, // 28
    { op: 'mbconv', repeats: 1, kernel: 5, stride: 2, expansion: 6, filters: 64, skip: 'identity' }, // 14
    { op: 'mbconv', repeats: 1, kernel: 5, stride: 1, expansion: 3, filters: 64, skip: 'identity' }, // 14
    { op: 'mbconv', repeats: 2, kernel: 5, stride: 1, expansion: 6, filters: 64, skip: 'identity' }, // 14
    { op: 'mbconv', repeats: 3, kernel: 5, stride: 1, expansion: 6, filters: 112, skip: 'identity' }, // 14
    { op: 'mbconv', repeats: 1, kernel: 5, stride: 1, expansion: 3, filters: 112, skip: 'identity' }, // 14
    { op: 'mbconv', repeats: 4, kernel: 5, stride: 2, expansion: 6, filters: 184, skip: 'identity' }, // 7
    { op: 'mbconv', repeats: 1, kernel: 3, stride: 1, expansion: 6, filters: 352, skip: 'identity' }, // 7
  ],
  head: 1984,
})

function plain({ repeats, filters }: { readonly repeats: number; readonly filters: number }) {
  const kept = { expansion: 1, expansionConvolution: true } as const
  return { op: 'mbconv', repeats, kernel: 3, stride: 1, ...kept, filters, skip: 'identity' } as const
}
