import { type Architecture, architectureSchema } from '../architecture.js'

/** What the paper's tables state; everything they leave out is the authors' default. */
export interface Definition {
  readonly name: string
  readonly size?: number
  readonly activation?: Architecture['activation']
  readonly stem: number
  readonly blocks: Architecture['blocks']
  readonly head?: number
  readonly dropout?: number
}

/** A published network: ImageNet's 1000 classes, TensorFlow's padding, batch-norm epsilon 1e-3. */
export function defineArchitecture({
  name,
  size = 224,
  activation = 'relu',
  stem,
  blocks,
  head = 1280,
  dropout = 0.2,
}: Definition): Architecture {
  return architectureSchema.parse({
    version: 1,
    name,
    input: { size },
    padding: 'same',
    activation,
    batchNormEpsilon: 1e-3,
    stem: { filters: stem, kernel: 3, stride: 2 },
    blocks,
    head: { filters: head },
    task: { name: 'classification', options: { classes: 1000, dropout } },
  }) as Architecture
}
