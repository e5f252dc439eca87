import type { DeviceProfileAnswer } from '../answers/index.js'
import { flagsOf, measurementErrors } from '../measurement/index.js'
import { type BenchmarkRequest, withFile } from './measure-model.js'

/** Where the time of a model goes on a device that can tell. @throws MNAS_DEVICE_NO_PROFILE, and what the device throws */
export async function profileModel(request: BenchmarkRequest): Promise<DeviceProfileAnswer> {
  const { device, model, options, reporter } = request
  const info = await device.describe()
  const { name, emulated, runtime } = info
  if (!device.profile) throw measurementErrors.MNAS_DEVICE_NO_PROFILE({ device: name })
  const profile = device.profile.bind(device)
  return withFile(request, info, async (file) => {
    reporter.stage('Profile', name)
    const rows = await profile(file, options)
    if (rows.length === 0) throw measurementErrors.MNAS_DEVICE_NO_PROFILE({ device: name })
    const told = rows.map(({ nodes, ...row }) => ({ ...row, nodes: [...nodes] }))
    return { version: 1, model, device: name, emulated, runtime, flags: flagsOf(options), rows: told }
  })
}
