import type { DeviceContext, JsonObject, RuntimeInfo } from '../contracts/index.js'
import type { Registry } from '../plugins/index.js'
import { measurementErrors } from './errors.js'
import { parseDevice } from './open-device.js'

export interface SetupRequest {
  readonly registry: Registry
  readonly context: DeviceContext
  /** As behind `--device`. */
  readonly device: string
  /** What the driver understands: host takes `library`, the path of one to use instead of downloading. */
  readonly options: JsonObject
  /** Shows what will be done and says whether to do it. */
  readonly confirm: (steps: readonly string[]) => Promise<boolean>
}

/**
 * Installs what a device needs, after saying what that is.
 * @throws MNAS_DEVICE_NO_SETUP, MNAS_DECLINED, and what the driver throws
 */
export async function setUpDevice({ registry, context, device, options, confirm }: SetupRequest): Promise<RuntimeInfo> {
  const { setup } = await registry.get('device', parseDevice(device).driver)
  if (!setup) throw measurementErrors.MNAS_DEVICE_NO_SETUP({ device })
  if (!(await confirm(await setup.plan(options, context)))) throw measurementErrors.MNAS_DECLINED({ action: `set up ${device}` })
  return setup.run(options, context)
}
