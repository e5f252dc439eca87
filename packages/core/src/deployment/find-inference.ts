import type { Device } from '../contracts/index.js'
import type { Registry } from '../plugins/index.js'
import type { VerificationRequest } from './verify-file.js'

/** How to run a file: on the device itself, else by a runtime of this computer that knows the format, else not at all (null). */
export async function findInference(
  registry: Registry,
  device: Device,
  format: string,
): Promise<VerificationRequest['infer'] | null> {
  if (device.infer) return device.infer.bind(device)
  for (const name of registry.names('runtime')) {
    const runtime = await registry.get('runtime', name)
    if (runtime.format === format && !('code' in (await runtime.available()))) return runtime.run.bind(runtime)
  }
  return null
}
