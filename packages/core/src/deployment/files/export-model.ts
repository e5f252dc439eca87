import { join } from 'node:path'
import { bundleExportsFolder } from '../../bundle/index.js'
import type {
  Calibration,
  DeviceInfo,
  Exporter,
  JsonObject,
  ModelFile,
  PostProcessing,
  Precision,
} from '../../contracts/index.js'
import { removeAbandoned } from '../../files/index.js'
import { measurementErrors } from '../../measurement/index.js'
import type { Registry } from '../../plugins/index.js'
import type { DeployableModel } from '../load-model.js'
import { modelFileName } from './model-file-name.js'
import { type WriteRequest, writeModelFile } from './write-model-file.js'

/** The installed exporter of the first format, in the device's order of preference, that the device can run. @throws MNAS_DEVICE_FORMAT */
export async function exporterFor(registry: Registry, { name, formats }: DeviceInfo): Promise<Exporter> {
  const names = registry.names('exporter')
  for (const format of formats) {
    // Most are called as their format is; then no other needs to be loaded.
    for (const candidate of [...names].sort((a, b) => Number(b === format) - Number(a === format))) {
      const exporter = await registry.get('exporter', candidate)
      if (exporter.format === format) return exporter
    }
  }
  const exporters = await Promise.all(names.map((candidate) => registry.get('exporter', candidate)))
  const received = exporters.map(({ format }) => format).join(', ') || 'no exporter'
  throw measurementErrors.MNAS_DEVICE_FORMAT({ device: name, received, formats })
}

/** Where a model's files go unless the user says otherwise: beside a bundle, else `exports/` here. */
export const exportsFolderOf = ({ folder }: DeployableModel): string =>
  folder === null ? 'exports' : bundleExportsFolder(folder)

export interface ExportWish {
  readonly folder: string
  /** Default: the exporter's first. */
  readonly precision?: Precision
  /** The exporter's own. */
  readonly options?: JsonObject
  /** For precisions that look at images. */
  readonly calibration?: Calibration | undefined
  /**
   * Whether the file ends in the operator behind the graph, if the model has one. Without it the file computes what it does with it, up to the
   * operator. Default: where the format can.
   */
  readonly postProcessing?: boolean
}

/**
 * Writes a model's file into a folder, under the name that modelFileName gives it; what exports that were killed had begun of it goes.
 * @throws MNAS_EXPORT_PRECISION, MNAS_EXPORT_OPTION, MNAS_EXPORT_POSTPROCESSING, MNAS_EXPORT_OP, MNAS_FILE_WRITE
 */
export async function exportModel(exporter: Exporter, model: DeployableModel, wish: ExportWish): Promise<ModelFile> {
  const request = writeRequest(exporter, model, wish)
  await removeAbandoned(request.path)
  return writeModelFile(exporter, request)
}

/** What the exporter is asked. */
export function writeRequest(exporter: Exporter, model: DeployableModel, wish: ExportWish): WriteRequest {
  const { name, architecture, graph, weights, labels, preprocessing } = model
  const { precision = exporter.precisions[0], options, calibration } = wish
  const fileName = modelFileName({ name, inputSize: architecture.input.size, precision, format: exporter.format })
  const path = join(wish.folder, fileName)
  const carried = postProcessingOf(exporter, model) ?? programOf(exporter, model)
  const postProcessing = wish.postProcessing === false ? undefined : carried
  return {
    ...{ name, graph, weights, labels, preprocessing, path, precision },
    ...(options && { options }),
    ...(calibration && { calibration }),
    ...(postProcessing && { postProcessing }),
    ...(carried && !postProcessing && { realOutputs: true }),
  }
}

/**
 * What the files of a model do behind the graph. What a format cannot carry and nobody asked for stays out; what was asked for is handed on, and
 * refused.
 */
export function postProcessingOf(exporter: Exporter, model: DeployableModel): PostProcessing | undefined {
  const { postProcessing: known = [] } = exporter
  const { postProcessing, deploymentAsked } = model
  if (!postProcessing || programOf(exporter, model)) return undefined
  return deploymentAsked || known.includes(postProcessing.operator) ? postProcessing : undefined
}

/** What stands beside the graph as a program: the files of a model answer without it. */
function programOf(
  { programs = [] }: Pick<Exporter, 'programs'>,
  { postProcessing }: DeployableModel,
): PostProcessing | undefined {
  return postProcessing && programs.includes(postProcessing.operator) ? postProcessing : undefined
}

/** How the answers of a model's files are made, in the task's words; undefined: nothing is said of it, or the format cannot carry it. */
export function deploymentOf(
  { postProcessing: behind = [], programs = [] }: Pick<Exporter, 'postProcessing' | 'programs'>,
  { deployment, postProcessing }: Pick<DeployableModel, 'deployment' | 'postProcessing'>,
): JsonObject | undefined {
  const carried = postProcessing === null || [...behind, ...programs].includes(postProcessing.operator)
  return deployment && carried ? deployment : undefined
}
