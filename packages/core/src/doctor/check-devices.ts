import type { Check, DeviceContext } from '../contracts/index.js'
import { type DeviceWish, listDevices, openDevice, parseDevice } from '../measurement/index.js'
import type { Registry } from '../plugins/index.js'
import { attempt } from './check.js'

/**
 * What the drivers say of themselves, and whether each device can be opened and says what it is.
 * @param wished null: all that are seen
 */
export async function checkDevices(
  registry: Registry,
  context: DeviceContext,
  wished: DeviceWish | null,
): Promise<readonly Check[]> {
  const names = wished ? [parseDevice(wished.device).driver] : registry.names('device')
  const checks: Check[] = []
  for (const name of names) {
    const driver = await registry.get('device', name)
    checks.push(...((await driver.check?.(context)) ?? []))
  }
  const wishes = wished ? [wished] : (await listDevices(registry, context)).map(({ device }) => ({ device, options: [] }))
  for (const wish of wishes) checks.push(await opened(registry, context, wish))
  return checks
}

function opened(registry: Registry, context: DeviceContext, wish: DeviceWish): Promise<Check> {
  return attempt(`device ${wish.device}`, `"mnas device setup ${wish.device}", or see the message`, async () => {
    const { device } = await openDevice(registry, wish, context)
    try {
      const { kind, runtime, emulated } = await device.describe()
      return `${kind}${emulated ? ', emulated' : ''}, runs ${runtime.name} ${runtime.version}`
    } finally {
      await device.close()
    }
  })
}
