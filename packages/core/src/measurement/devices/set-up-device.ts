import { parseOptions } from '../../config/index.js'
import type { DeviceContext, RuntimeInfo } from '../../contracts/index.js'
import type { Registry } from '../../plugins/index.js'
import { measurementErrors } from '../errors.js'
import { parseDevice } from './open-device.js'

export interface SetupRequest {
  readonly registry: Registry
  readonly context: DeviceContext
  /** As behind `--device`. */
  readonly device: string
  /** `--option NAME=VALUE`, each: of the set-up's options. */
  readonly options: readonly string[]
  /** Shows what will be done and says whether to do it. */
  readonly confirm: (steps: readonly string[]) => Promise<boolean>
}

/**
 * Installs what a device needs, after saying what that is.
 * @throws MNAS_DEVICE_NO_SETUP, MNAS_CONFIG_PAIR, MNAS_OPTION_UNKNOWN, MNAS_OPTION_VALUE, MNAS_DECLINED, and what the driver throws
 */
export async function setUpDevice({ registry, context, device, options, confirm }: SetupRequest): Promise<RuntimeInfo> {
  const { driver, selector } = parseDevice(device)
  const { setup } = await registry.get('device', driver)
  if (!setup) throw measurementErrors.MNAS_DEVICE_NO_SETUP({ device })
  const choice = { selector, options: parseOptions(`the set-up of ${driver}`, setup.options, options) }
  if (!(await confirm(await setup.plan(choice, context)))) throw measurementErrors.MNAS_DECLINED({ action: `set up ${device}` })
  return setup.run(choice, context)
}
