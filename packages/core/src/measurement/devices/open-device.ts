import { parseOptions } from '../../config/index.js'
import type { Device, DeviceContext, Option, OptionValues, Surroundings } from '../../contracts/index.js'
import type { Registry } from '../../plugins/index.js'

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

/** A device as a command names it. */
export interface DeviceWish {
  /** `--device` */
  readonly device: string
  /** `--option NAME=VALUE`, each: of the driver's options, or of its devices' flags. */
  readonly options: readonly string[]
}

export interface OpenedDevice {
  readonly device: Device
  /** `BenchmarkOptions.flags`: the wished options that a benchmark is told. */
  readonly flags: OptionValues
}

/**
 * Opens what a command names. The caller closes it.
 * @throws MNAS_NAME_UNKNOWN, MNAS_CONFIG_PAIR, MNAS_OPTION_UNKNOWN, MNAS_OPTION_VALUE, MNAS_DEVICE_UNREACHABLE
 */
export async function openDevice(registry: Registry, wish: DeviceWish, context: DeviceContext): Promise<OpenedDevice> {
  const { selector } = parseDevice(wish.device)
  const { driver, options, flags } = await driverAndOptions(registry, wish)
  return { device: await driver.open({ selector, options }, context), flags }
}

/** The driver that is meant, and the options, each told apart by whom it is for. @throws as openDevice, before a device is looked for */
export async function driverAndOptions(registry: Registry, wish: DeviceWish) {
  const { driver: name } = parseDevice(wish.device)
  const driver = await registry.get('device', name)
  const values = parseOptions(`device ${name}`, [...driver.options, ...driver.flags], wish.options)
  const among = (options: readonly Option[]): OptionValues =>
    Object.fromEntries(Object.entries(values).filter(([key]) => options.some((option) => option.name === key)))
  return { driver, options: among(driver.options), flags: among(driver.flags) }
}

/** An option of a driver, and what is told it. */
export interface ListedOption extends Omit<Option, 'choices'> {
  /** null: whatever its kind allows. */
  readonly choices: readonly string[] | null
  readonly use: 'device' | 'benchmark' | 'setup'
}

/** Everything that a driver can be told. @param device as behind `--device` */
export async function listOptions(registry: Registry, device: string): Promise<readonly ListedOption[]> {
  const { options, flags, setup } = await registry.get('device', parseDevice(device).driver)
  const of = (use: ListedOption['use'], some: readonly Option[]) =>
    some.map(({ name, summary, kind, choices = null }): ListedOption => ({ name, summary, kind, choices, use }))
  return [...of('device', options), ...of('benchmark', flags), ...of('setup', setup?.options ?? [])]
}

/** One line of `device list`. */
export interface ListedDevice {
  /** What to write behind `--device`. */
  readonly device: string
  readonly state: string
  /** Empty: nothing more to say. */
  readonly description: string
  readonly emulated: boolean
}

/** What every installed driver can see. A driver that fails says so in its own line: one missing tool must not hide the other devices. */
export async function listDevices(registry: Registry, context: DeviceContext): Promise<readonly ListedDevice[]> {
  const lists = await Promise.all(
    registry.names('device').map(async (name): Promise<readonly ListedDevice[]> => {
      try {
        const found = await (await registry.get('device', name)).list(context)
        return found.map(({ selector, state, description = '', emulated = false }) => ({
          device: selector === '' ? name : `${name}:${selector}`,
          state,
          description,
          emulated,
        }))
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        return [{ device: name, state: `unusable: ${reason}`, description: '', emulated: false }]
      }
    }),
  )
  return lists.flat()
}
