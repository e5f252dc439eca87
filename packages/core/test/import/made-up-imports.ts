import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Architecture, namedArchitecture, withTask } from '@mnas/core/architecture'
import type { Graph, Task, Tensor, Tensors } from '@mnas/core/contracts'
import { GraphBuilder } from '@mnas/core/graph'
import { type ImportRequest, importModel } from '@mnas/core/import'
import type { Registry } from '@mnas/core/plugins'
import { writeSafetensors } from '@mnas/core/weights'
import { afterAll, beforeAll } from 'vitest'
import type { StateDictionary } from './state-dictionaries.js'

/** As much of a classifier as a bundle needs: a dense layer on the pooled features. */
export const task = {
  name: 'classification',
  options: { parse: (options: unknown) => options },
  head(backbone: Graph, { classes }: { readonly classes: number }) {
    const graph = GraphBuilder.from(backbone)
    const origin = { block: 'head', layer: 1, role: 'logits' } as const
    const inputs = [backbone.outputs['features']!]
    const pool = graph.add('globalAveragePool', { id: 'pool', inputs, attributes: { keepDims: false }, origin })
    graph.output(
      'logits',
      graph.add('dense', { id: 'logits', inputs: [pool], attributes: { units: classes, bias: true }, origin }),
    )
    return graph.build()
  },
} as unknown as Task
export const registry = { get: async () => task } as unknown as Registry

/** Values that tell every tensor and every place in it from the others. */
export function filled(shapes: StateDictionary): Tensors {
  const tensors = Object.entries(shapes).map(([name, shape], index): [string, Tensor] => {
    const length = shape.reduce((product, side) => product * side, 1)
    return [name, { dtype: 'float32', shape, data: Float32Array.from({ length }, (_, at) => index + (at % 1000) / 1000) }]
  })
  return Object.fromEntries(tensors)
}
export const withClasses = (name: string, classes: number): Architecture =>
  withTask(namedArchitecture(name), 'classification', { classes, dropout: 0.2 })

/** Imports in a folder of the test file's own. */
export function temporaryImports() {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mnas-import-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const path = (...names: readonly string[]) => join(folder, ...names)
  return {
    path,
    async importing(name: string, tensors: Tensors, changes: Partial<ImportRequest> = {}) {
      const [file, out] = [path(`${name}.safetensors`), path('models', name)]
      await writeSafetensors(file, tensors)
      const request = { registry, file, from: 'timm', out, cropFraction: 0.9, mnasVersion: '1.2.3', ...changes } as const
      return { bundle: await importModel(request), out, file }
    },
  }
}
