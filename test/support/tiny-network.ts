import { writeFile } from 'node:fs/promises'

/** The smallest network with every part: expansion, depthwise, squeeze-and-excite, skip, dropout. */
export const tinyNetwork = {
  version: 1,
  name: 'tiny',
  input: { size: 32 },
  padding: 'same',
  activation: 'relu',
  batchNormEpsilon: 1e-3,
  stem: { filters: 8, kernel: 3, stride: 2 },
  blocks: [
    { op: 'separable', repeats: 1, kernel: 3, stride: 1, filters: 8, skip: 'none' },
    { op: 'mbconv', repeats: 2, kernel: 3, stride: 2, expansion: 3, filters: 16, squeezeExcite: 0.25, skip: 'identity' },
  ],
  head: { filters: 32 },
  task: { name: 'classification', options: { classes: 4, dropout: 0.2 } },
} as const

export async function writeTinyNetwork(path: string): Promise<string> {
  await writeFile(path, JSON.stringify(tinyNetwork))
  return path
}
