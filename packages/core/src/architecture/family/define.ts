import { type Architecture, architectureSchema } from '../architecture.js'

/** What the paper's tables state; everything they leave out is the default of MnasNet's authors. */
export interface Definition {
  readonly name: string
  readonly size?: number
  readonly activation?: Architecture['activation']
  readonly padding?: Architecture['padding']
  readonly batchNormEpsilon?: number
  readonly stem: number
  readonly blocks: Architecture['blocks']
  readonly head?: number
  readonly dropout?: number
}

/** A published network for ImageNet's 1000 classes; with TensorFlow's padding and batch-norm epsilon 1e-3 unless its authors had others. */
export function defineArchitecture({
  name,
  size = 224,
  activation = 'relu',
  padding = 'same',
  batchNormEpsilon = 1e-3,
  stem,
  blocks,
  head = 1280,
  dropout = 0.2,
}: Definition): Architecture {
  return architectureSchema.parse({
    version: 1,
    name,
    input: { size },
    padding,
    activation,
    batchNormEpsilon,
    stem: { filters: stem, kernel: 3, stride: 2 },
    blocks,
    head: { filters: head },
    task: { name: 'classification', options: { classes: 1000, dropout } },
  }) as Architecture
}
