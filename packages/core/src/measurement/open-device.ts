import type { Device, DeviceContext, Surroundings } from '../contracts/index.js'
import type { Registry } from '../plugins/index.js'

/** What a driver may use, with the runtimes of one command's registry. */
export function deviceContext(registry: Registry, around: Surroundings): DeviceContext {
  return { ...around, runtime: (name) => registry.get('runtime', name) }
}

/** `android:SERIAL` → driver `android`, selector `SERIAL`; `host` → driver `host` without one. */
export function parseDevice(argument: string): { readonly driver: string; readonly selector: string | undefined } {
  const colon = argument.indexOf(':')
  if (colon === -1) return { driver: argument, selector: undefined }
  return { driver: argument.slice(0, colon), selector: argument.slice(colon + 1) }
}

/**
 * Opens what `--device` names. The caller closes it.
 * @throws MNAS_NAME_UNKNOWN, MNAS_DEVICE_UNREACHABLE
 */
export async function openDevice(registry: Registry, argument: string, context: DeviceContext): Promise<Device> {
  const { driver, selector } = parseDevice(argument)
  return (await registry.get('device', driver)).open(selector, context)
}

/** One line of `device list`. */
export interface ListedDevice {
  /** What to write behind `--device`. */
  readonly device: string
  readonly state: string
}

/** What every installed driver can see. A driver that fails says so in its own line: one missing tool must not hide the other devices. */
export async function listDevices(registry: Registry, context: DeviceContext): Promise<readonly ListedDevice[]> {
  const lists = await Promise.all(
    registry.names('device').map(async (name): Promise<readonly ListedDevice[]> => {
      try {
        const found = await (await registry.get('device', name)).list(context)
        return found.map(({ selector, state }) => ({ device: selector === '' ? name : `${name}:${selector}`, state }))
      } catch (error) {
        return [{ device: name, state: `unusable: ${error instanceof Error ? error.message : String(error)}` }]
      }
    }),
  )
  return lists.flat()
}
