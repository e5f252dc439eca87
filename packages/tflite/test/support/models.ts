import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Graph, GraphNode, ModelFile, Origin, Tensors } from '@mnas/core/contracts'
import { GraphBuilder, initializeWeights } from '@mnas/core/graph'
import { exportRequest, randomizedStatistics } from '@mnas/core/testing'
import { tfliteExporter } from '@mnas/tflite'
import { onTestFinished } from 'vitest'

export const origin: Origin = { block: 'head', layer: 0, role: 'test' }
export const noPadding = { strides: [1, 1], padding: [0, 0, 0, 0] } as const
export const image = (...shape: number[]) => ({ shape, dtype: 'float32', batched: true }) as const

/** A folder that is gone when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mnas-tflite-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export const weightsOf = (graph: Graph): Tensors => randomizedStatistics(initializeWeights(graph, 1), 2)

export async function exported(graph: Graph, weights = weightsOf(graph)): Promise<ModelFile> {
  return tfliteExporter.write(exportRequest({ graph, weights, path: join(temporaryFolder(), 'model.tflite') }))
}

/** image [4, 4, 3] → conv → batch norm → relu → pool → dense `logits`. */
export function smallModel(size = 4): Graph {
  const builder = new GraphBuilder()
  builder.input('image', image(size, size, 3))
  const window = { kernel: [3, 3], strides: [1, 1], padding: [1, 1, 1, 1] } as const
  builder.add('conv2d', { id: 'conv', inputs: ['image'], attributes: { ...window, filters: 8, bias: false }, origin })
  builder.add('batchNorm', { id: 'norm', inputs: ['conv'], attributes: { epsilon: 1e-3 }, origin })
  builder.add('relu', { id: 'active', inputs: ['norm'], attributes: {}, origin })
  builder.add('globalAveragePool', { id: 'pool', inputs: ['active'], attributes: { keepDims: false }, origin })
  builder.add('dense', { id: 'logits', inputs: ['pool'], attributes: { units: 5, bias: true }, origin })
  builder.output('logits', 'logits')
  return builder.build()
}

/** A graph with one more output, or others altogether. */
export function withOutputs(graph: Graph, outputs: Record<string, string>): Graph {
  return { ...graph, outputs }
}

/** The graph with nodes behind it: a classifier's head. */
export function withSoftmax(graph: Graph): Graph {
  const [logits] = Object.values(graph.outputs) as [string]
  const spec = graph.nodes.find(({ id }) => id === logits)!
  const softmax: GraphNode = {
    ...{ shape: spec.shape, dtype: spec.dtype, batched: spec.batched },
    ...{ id: 'probabilities', op: 'softmax', inputs: [logits], attributes: {}, origin },
  }
  return { ...graph, nodes: [...graph.nodes, softmax], outputs: { probabilities: 'probabilities' } }
}
