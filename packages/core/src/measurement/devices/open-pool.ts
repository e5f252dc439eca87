import type { DeviceContext, DeviceInfo, OptionValues } from '../../contracts/index.js'
import type { Registry } from '../../plugins/index.js'
import { measurementErrors } from '../errors.js'
import { median } from '../summarize.js'
import { deviceDifferences } from './device-differences.js'
import { type DevicePool, devicePool, type PooledDevice } from './device-pool.js'
import { type DeviceWish, driverAndOptions, openDevice, parseDevice } from './open-device.js'

export interface OpenedPool {
  readonly pool: DevicePool
  /** `BenchmarkOptions.flags`: the wished options that a benchmark is told. */
  readonly flags: OptionValues
}

/** Two devices of one make whose times for the same model are farther apart than this measure differently: one of them is hot, worn or busy. */
const mostApart = 0.1
/** From here on it is told. */
const worthTelling = 0.03
/** Times that the known model is timed on each, in turn. */
const rounds = 3

/**
 * Opens what a command names: one device, several with commas between them, or all that a driver takes for one make when none is chosen. Several
 * are compared first: what they are, and what a known model takes on each. Where devices of one make may take each other's place, the pool has
 * the name of their kind, however many of them there are today.
 * @throws MNAS_DEVICES_DIFFERENT, MNAS_DEVICES_APART, and as openDevice
 */
export async function openPool(registry: Registry, wish: DeviceWish, context: DeviceContext): Promise<OpenedPool> {
  const chosen = await chooseDevices(registry, wish, context)
  const pooled: PooledDevice[] = []
  try {
    let flags: OptionValues = {}
    for (const name of chosen.names) {
      const opened = await openDevice(registry, { ...wish, device: name }, context)
      pooled.push({ name, device: opened.device })
      flags = opened.flags
    }
    const info = await pooled[0]!.device.describe()
    if (pooled.length > 1) {
      await requireSame(info, pooled)
      await requireEquallyFast(pooled, context)
    }
    return { pool: devicePool(chosen.pool, info, pooled, context.warn), flags }
  } catch (error) {
    for (const { device } of pooled) await device.close()
    throw error
  }
}

interface Chosen {
  /** What the pool is called. */
  readonly pool: string
  /** As behind `--device`, each. */
  readonly names: readonly string[]
}

async function chooseDevices(registry: Registry, wish: DeviceWish, context: DeviceContext): Promise<Chosen> {
  const names = wish.device.split(',').map((name) => name.trim())
  const [first = '', ...others] = names
  const { driver: kind, selector } = parseDevice(first)
  const stranger = others.find((name) => parseDevice(name).driver !== kind)
  if (stranger !== undefined || new Set(names).size < names.length)
    throw measurementErrors.MNAS_DEVICES_DIFFERENT({
      devices: [first, stranger ?? first],
      differences: [stranger === undefined ? 'one is named twice' : 'they are of different kinds'],
    })
  const { driver, options } = await driverAndOptions(registry, wish)
  const pool = driver.alike || others.length > 0 ? kind : first
  if (selector || others.length > 0 || !driver.alike) return { pool, names }
  const selectors = await driver.alike({ selector, options }, context)
  return { pool, names: selectors.length > 1 ? selectors.map((one) => `${kind}:${one}`) : [first] }
}

async function requireSame(first: DeviceInfo, pooled: readonly PooledDevice[]): Promise<void> {
  for (const { name, device } of pooled.slice(1)) {
    const other = await device.describe()
    if (other.fingerprint === first.fingerprint && other.runtime.sha256 === first.runtime.sha256) continue
    const differences = deviceDifferences(first, other)
    throw measurementErrors.MNAS_DEVICES_DIFFERENT({ devices: [pooled[0]!.name, name], differences })
  }
}

async function requireEquallyFast(pooled: readonly PooledDevice[], { warn, signal }: DeviceContext): Promise<void> {
  if (pooled.some(({ device }) => !device.timeAnchor))
    return warn(
      'These devices cannot be compared by a model that is always the same: it is taken on trust that they are equally fast.',
    )
  const timed = pooled.map(({ name, device }) => ({ name, device, timesMs: [] as number[] }))
  for (const { name, device } of pooled)
    await device.settle?.(({ reason, seconds }) => warn(`${name}: waiting ${seconds} s: ${reason}`))
  for (let round = 0; round < rounds; round++)
    for (const { device, timesMs } of timed) {
      signal.throwIfAborted()
      timesMs.push((await device.timeAnchor?.()) ?? Number.NaN)
    }
  const middles = timed.map(({ name, timesMs }) => ({ device: name, ms: median(timesMs) })).sort((a, b) => a.ms - b.ms)
  const [fastest, slowest] = [middles[0]!, middles.at(-1)!]
  const apart = slowest.ms / fastest.ms - 1
  if (apart > mostApart) throw measurementErrors.MNAS_DEVICES_APART({ fastest, slowest, apart, most: mostApart })
  if (apart > worthTelling)
    warn(`${slowest.device} takes ${(100 * apart).toFixed(1)} % longer than ${fastest.device} for the same model.`)
}
