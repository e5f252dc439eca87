import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Architecture, architectureHash } from '@mnas/core/architecture'
import type { DeviceWait, ModelFile } from '@mnas/core/contracts'
import { drawnCalibration, writeModelFile } from '@mnas/core/deployment'
import { coreErrors } from '@mnas/core/errors'
import { reasonOf } from '@mnas/core/files'
import { initializeWeights, lower } from '@mnas/core/graph'
import { fullBenchmark, type MeasurementCache, measureLatency, quickBenchmark } from '@mnas/core/measurement'
import type { Timing } from '../start/open-devices.js'
import type { Proposing } from '../start/search.js'
import type { Surroundings } from '../start/search-request.js'

/** Latency does not depend on the values of weights and ranges; a fixed seed makes the file the same each time. */
const weightSeed = 0

/**
 * Exports the deployed model of an architecture with random weights into `folder`, times it on a device that is free, and deletes the file.
 * @throws MNAS_EXPORT_OP, MNAS_FILE_WRITE, MNAS_DEVICE_LOST, MNAS_DEVICES_DIFFERENT, and what a runtime throws
 */
export function measureArchitecture(
  materials: Timing,
  { reporter }: Surroundings,
  folder: string,
  cache: MeasurementCache,
): Proposing['measure'] {
  const { devices, deviceFlags } = materials
  return (architecture, effort) =>
    devices.use(async ({ device, name }) => {
      await mkdir(folder, { recursive: true }).catch((error: unknown) => {
        throw coreErrors.MNAS_FILE_WRITE({ path: folder, reason: reasonOf(error) }, error)
      })
      const path = join(folder, `${architectureHash(architecture)}.${materials.exporter.format}`)
      try {
        const file = await writeTimedFile(materials, architecture, path)
        const options = { ...(effort === 'full' ? fullBenchmark : quickBenchmark), flags: deviceFlags }
        const onRepeat = (spread: number) =>
          reporter.note(`Timings differ by ${(spread * 100).toFixed(0)} % between processes: measuring again.`)
        const onWait = ({ reason, seconds }: DeviceWait) => reporter.note(`Waiting ${seconds} s: ${reason}`)
        const measurement = await measureLatency({ device, opened: devices.info, file, options, cache, onRepeat, onWait })
        const which = devices.size > 1 ? { device: name } : {}
        return { structure: file.structure, sizeBytes: file.sizeBytes, measurement, ...which }
      } finally {
        await rm(path, { force: true, recursive: true })
      }
    })
}

async function writeTimedFile(
  { task, exporter, precision }: Timing,
  architecture: Architecture,
  path: string,
): Promise<ModelFile> {
  const graph = lower(architecture, task)
  const deployed = task.deployed(graph, architecture.task.options).graph
  return writeModelFile(exporter, {
    name: architecture.name,
    graph: deployed,
    weights: initializeWeights(graph, weightSeed),
    path,
    precision,
    calibration: drawnCalibration(deployed),
    labels: null,
    preprocessing: task.preprocessing,
  })
}
