import type { DeviceInfo, Exporter } from '@mnas/core/contracts'
import { measurementErrors } from '@mnas/core/measurement'
import type { Registry } from '@mnas/core/plugins'

/** The first installed exporter whose format the device runs, in the order of the device's preference. @throws MNAS_DEVICE_FORMAT */
export async function chooseExporter(registry: Registry, device: DeviceInfo): Promise<Exporter> {
  const exporters = await Promise.all(registry.names('exporter').map((name) => registry.get('exporter', name)))
  for (const format of device.formats) {
    const exporter = exporters.find((candidate) => candidate.format === format)
    if (exporter) return exporter
  }
  const received = exporters.map(({ format }) => format).join(', ') || 'no exporter'
  throw measurementErrors.MNAS_DEVICE_FORMAT({ device: device.name, received, formats: device.formats })
}
