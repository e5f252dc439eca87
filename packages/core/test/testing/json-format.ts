import { readFile, writeFile } from 'node:fs/promises'
import { noOptions } from '@mnas/core/config'
import type { Exporter, Graph, ModelRuntime, Op, Tensors } from '@mnas/core/contracts'
import { MnasError } from '@mnas/core/errors'
import { hashFile, hashJson } from '@mnas/core/files'
import { fileTensors, graphHash, structureHash } from '@mnas/core/graph'
import { interpret, opCases } from '@mnas/core/testing'

const ops = [...new Set(opCases().flatMap(({ graph }) => graph.nodes.map(({ op }) => op)))].filter(
  (op) => op !== 'rank' && op !== 'batchSum',
)

/** The graph and its weights as JSON: a format that the interpreter can run. */
export const jsonExporter: Exporter = {
  format: 'json',
  version: '1',
  ops,
  precisions: ['float32'],
  options: noOptions,
  async write({ graph, weights, path, precision, preprocessing }) {
    const foreign = graph.nodes.find(({ op }) => !(ops as readonly Op[]).includes(op))
    if (foreign) throw new MnasError('MNAS_EXPORT_OP', 3, `Cannot write ${foreign.op}.`)
    const plain = Object.entries(weights).map(([name, { shape, data }]) => [name, { shape, data: Array.from(data) }])
    const text = JSON.stringify({ graph, weights: Object.fromEntries(plain) })
    await writeFile(path, text)
    return {
      format: 'json',
      precision,
      path,
      sizeBytes: Buffer.byteLength(text),
      sha256: await hashFile(path),
      structure: structureHash({ graphHash: graphHash(graph), exporter: jsonExporter, precision, options: {} }),
      graphHash: graphHash(graph),
      ...fileTensors(graph, -1),
      preprocessing,
    }
  },
}

/** @param factor what every output is multiplied by: 1 is right */
export function jsonRuntime(factor = 1): ModelRuntime {
  return {
    name: 'json',
    format: 'json',
    available: async () => ({ name: 'json', version: '1', sha256: hashJson('json') }),
    describe: async ({ path }) => {
      const { graph } = JSON.parse(await readFile(path, 'utf8')) as { graph: Graph }
      return fileTensors(graph, 1)
    },
    async *run({ path }, inputs) {
      const { graph, weights } = JSON.parse(await readFile(path, 'utf8')) as { graph: Graph; weights: Tensors }
      for await (const input of inputs) {
        const { outputs } = interpret(graph, { inputs: input, weights, mode: 'inference' })
        const tensors = Object.entries(outputs).map(([name, { shape, data }]) => {
          const scaled = Float32Array.from(data, (value) => value * factor)
          return [name, { dtype: 'float32', shape, data: scaled }] as const
        })
        yield Object.fromEntries(tensors)
      }
    },
    timeMs: async (_file, { runs }) => Array.from({ length: runs }, () => 1),
  }
}
