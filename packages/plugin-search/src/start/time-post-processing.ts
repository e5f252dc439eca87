import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Architecture } from '@mnas/core/architecture'
import type { DeployedModel, Exporter, Graph, ModelFile, PostProcessing, Task, Tensors, Workload } from '@mnas/core/contracts'
import { deployedModel, writeModelFile } from '@mnas/core/deployment'
import { isMnasError } from '@mnas/core/errors'
import { hashJson } from '@mnas/core/files'
import { GraphBuilder, initializeWeights, lower } from '@mnas/core/graph'
import { fullBenchmark, type MeasurementCache, measureLatency } from '@mnas/core/measurement'
import type { PostProcessingCost } from '../run/run-file.js'
import type { Timing } from './open-devices.js'
import type { Surroundings } from './search-request.js'

export interface OperatorTiming extends Timing {
  /** The space's reference network for this task at the deployed size. */
  readonly reference: Architecture
}

/**
 * What the operator behind the candidates' graphs takes on the device: the time of a file that does nothing but say drawn values and hand them
 * to the operator, without that of a file that only says them. Measured once, of the space's reference network, whose head all candidates have:
 * the operator's time follows from values that a candidate gives when it is trained, and until then nobody has those.
 * @returns null: the task has no such operator, or does not say what to time it on
 * @throws MNAS_DEVICE_LOST, MNAS_DEVICES_DIFFERENT, the signal's reason
 */
export async function timePostProcessing(
  materials: OperatorTiming,
  around: Surroundings,
  cache: MeasurementCache,
): Promise<PostProcessingCost | null> {
  const { task, reference, exporter } = materials
  const { graph, postProcessing, workload } = deployedReference(task, reference)
  if (!postProcessing || !workload) return null
  const { reporter, signal } = around
  const { operator } = postProcessing
  const known = { operator, on: workload.statement }
  const leftOut = (reason: string): PostProcessingCost => {
    reporter.warn(`The time of ${operator} is left out: ${reason}`)
    return { ...known, latencyMs: null, stable: false }
  }
  if (!exporter.postProcessing?.includes(operator)) return leftOut(`${exporter.format} files cannot hold it.`)
  reporter.stage('operator', operator)
  const spoken = speaking(graph, postProcessing, workload)
  const folder = await mkdtemp(join(tmpdir(), 'mnas-operator-'))
  const time = (behind: PostProcessing | undefined) =>
    timed(materials, around, { ...spoken, behind, folder, on: workload.statement }, cache)
  try {
    const [whole, bare] = [await time(postProcessing), await time(undefined)]
    return { ...known, latencyMs: Math.max(0, whole.latencyMs - bare.latencyMs), stable: whole.stable && bare.stable }
  } catch (error) {
    signal.throwIfAborted()
    if (!isMnasError(error) || ['MNAS_DEVICE_LOST', 'MNAS_DEVICES_DIFFERENT'].includes(error.code)) throw error
    return leftOut(error.message)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function deployedReference(task: Task, reference: Architecture): DeployedModel {
  return deployedModel(task, lower(reference, task), reference.task.options, {})
}

interface Spoken {
  readonly graph: Graph
  readonly weights: Tensors
}

/** A graph whose outputs are the drawn values, whatever comes in: weights of zero, and the values as their biases. */
function speaking(graph: Graph, { reads }: PostProcessing, workload: Workload): Spoken {
  const builder = new GraphBuilder()
  const origin = { block: 'head', layer: 0 } as const
  builder.input('nothing', { shape: [1], dtype: 'float32', batched: true })
  const shapes = new Map(graph.nodes.map(({ id, shape }) => [id, shape]))
  const biases = new Map<string, Float32Array>()
  for (const name of reads) {
    const shape = shapes.get(graph.outputs[name]!)!
    const units = shape.reduce((product, length) => product * length, 1)
    const id = `${name}_values`
    builder.add('dense', { id, inputs: ['nothing'], attributes: { units, bias: true }, origin: { ...origin, role: id } })
    builder.output(
      name,
      builder.add('reshape', { id: name, inputs: [id], attributes: { shape }, origin: { ...origin, role: name } }),
    )
    biases.set(`${id}.bias`, workload.draw(name, units))
  }
  const built = builder.build()
  const weights = Object.entries(initializeWeights(built, 0)).map(([name, tensor]) => {
    return [name, { ...tensor, data: biases.get(name) ?? new Float32Array(tensor.data.length) }] as const
  })
  return { graph: built, weights: Object.fromEntries(weights) }
}

interface FileToTime extends Spoken {
  readonly behind: PostProcessing | undefined
  readonly folder: string
  /** Part of what the latency belongs to: weights are not. */
  readonly on: string
}

function timed(
  { devices, deviceFlags: flags, exporter, task }: Timing,
  { reporter }: Surroundings,
  { graph, weights, behind, folder, on }: FileToTime,
  cache: MeasurementCache,
) {
  return devices.use(async ({ device }) => {
    const path = join(folder, `${behind ? 'operator' : 'values'}.${exporter.format}`)
    const written = await writeFile(exporter, task, { graph, weights, behind, path })
    const file = { ...written, structure: hashJson({ structure: written.structure, on }) }
    return measureLatency({
      ...{ device, opened: devices.info, file, cache, options: { ...fullBenchmark, flags } },
      onWait: ({ reason, seconds }) => reporter.note(`Waiting ${seconds} s: ${reason}`),
    })
  })
}

function writeFile(
  exporter: Exporter,
  { preprocessing }: Task,
  { graph, weights, behind, path }: Spoken & { readonly behind: PostProcessing | undefined; readonly path: string },
): Promise<ModelFile> {
  const request = { name: 'operator', graph, weights, path, labels: null, preprocessing }
  return writeModelFile(exporter, { ...request, ...(behind && { postProcessing: behind }) })
}
