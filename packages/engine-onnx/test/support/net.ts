import type { Op, OpAttributes, Window } from '@mnas/core/contracts'
import { GraphBuilder, initializeWeights } from '@mnas/core/graph'
import { probeObjective, randomizedStatistics, randomTensors } from '@mnas/core/testing'
import type { Trainable } from './compare-modes.js'

export const batch = 16
const origin = { block: 0, layer: 0, role: 'test' } as const
export const unit: Window = { kernel: [1, 1], strides: [1, 1], padding: [0, 0, 0, 0] }
type Activation = 'relu' | 'relu6'

/** Small graphs node by node; every method gives the id of the last node it wrote. */
export class Net {
  readonly builder = new GraphBuilder()

  constructor(height = 6, width = 6, channels = 3) {
    this.builder.input('image', { shape: [height, width, channels], dtype: 'float32', batched: true })
  }

  add<K extends Op>(op: K, id: string, inputs: readonly string[], attributes: OpAttributes[K]): string {
    return this.builder.add(op, { id, inputs, attributes, origin })
  }

  normed(id: string, input: string): string {
    return this.add('batchNorm', `${id}.norm`, [input], { epsilon: 1e-3 })
  }

  conv(id: string, input: string, filters: number, window: Window = unit): string {
    return this.normed(id, this.add('conv2d', id, [input], { ...window, filters, bias: false }))
  }

  /** Convolution, batch norm, activation. */
  expand(id: string, input: string, filters: number, activation: Activation = 'relu', window: Window = unit): string {
    return this.add(activation, `${id}.act`, [this.conv(id, input, filters, window)], {})
  }

  depthwise(id: string, input: string, window: Window, activation: Activation = 'relu'): string {
    const norm = this.normed(id, this.add('depthwiseConv2d', id, [input], { ...window, bias: false }))
    return this.add(activation, `${id}.act`, [norm], {})
  }

  squeezeExcite(id: string, input: string, squeezed: number, channels: number): string {
    const dense = (name: string, from: string, filters: number) =>
      this.add('conv2d', name, [from], { ...unit, filters, bias: true })
    const pool = this.add('globalAveragePool', `${id}.pool`, [input], { keepDims: true })
    const relu = this.add('relu', `${id}.relu`, [dense(`${id}.reduce`, pool, squeezed)], {})
    const gate = this.add('sigmoid', `${id}.gate`, [dense(`${id}.expand`, relu, channels)], {})
    return this.add('multiply', id, [input, gate], {})
  }

  /** What `output` is trained by: Σ y·direction with a random direction. */
  trainable(output: string, outputs: Readonly<Record<string, string>> = {}): Trainable {
    this.builder.output('y', output)
    for (const [name, id] of Object.entries(outputs)) this.builder.output(name, id)
    const model = this.builder.build()
    const objective = probeObjective(this.builder.spec(output))
    const { direction } = objective.inputs
    return {
      model,
      objective,
      batch,
      inputs: randomTensors({ ...model.inputs, direction: direction! }, { batch, seed: 5 }),
      weights: randomizedStatistics(initializeWeights(model, 6), 7),
    }
  }
}

export const square = (kernel: number, stride: number, before: number, after = before): Window => ({
  kernel: [kernel, kernel],
  strides: [stride, stride],
  padding: [before, after, before, after],
})
