import { join } from 'node:path'
import { bundleExportsFolder } from '../bundle/index.js'
import type { DeviceInfo, Exporter, ModelFile } from '../contracts/index.js'
import { measurementErrors } from '../measurement/index.js'
import type { Registry } from '../plugins/index.js'
import type { DeployableModel } from './load-model.js'

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

/** Writes `<folder>/<name>-<size>px.<format>`. @throws MNAS_EXPORT_OP, MNAS_FILE_WRITE */
export async function exportModel(exporter: Exporter, model: DeployableModel, folder: string): Promise<ModelFile> {
  const { name, architecture, graph, weights } = model
  const path = join(folder, `${name}-${architecture.input.size}px.${exporter.format}`)
  return exporter.write({ graph, weights, path, options: {} })
}
