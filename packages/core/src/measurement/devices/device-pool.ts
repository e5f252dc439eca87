import type { Device, DeviceInfo } from '../../contracts/index.js'
import { isMnasError } from '../../errors/index.js'
import { anotherDevice } from './device-differences.js'

/** A device of a pool. */
export interface PooledDevice {
  /** As behind `--device`. */
  readonly name: string
  readonly device: Device
}

/** One device, or several of one make that share what there is to measure. */
export interface DevicePool {
  /** Of the device; of several that of their kind, which stays the same when one of them is missing. */
  readonly name: string
  /** True of each of them. */
  readonly info: DeviceInfo
  /** Any of them: to be asked, not to be timed on. */
  readonly device: Device
  /** How many measure at once. */
  readonly size: number
  /**
   * Work on a device that does nothing else meanwhile; who asks first is served first. Where a device vanishes, another does the work again.
   * @throws MNAS_DEVICE_LOST when none is left, MNAS_DEVICES_DIFFERENT when none is left that is what it was, and what the work throws
   */
  use<T>(work: (pooled: PooledDevice) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** A device that vanished is asked again after so long, twice as long each time that it is still away. */
const firstAwayMs = 60_000

interface Member extends PooledDevice {
  busy: boolean
  /** Milliseconds since 1970; 0: it is there. */
  awayUntil: number
  awayMs: number
  /** Why it is another device than it was, under the same name; null: it is the same. */
  other: Error | null
}

/**
 * @param pooled at least one, open, of one fingerprint; they are closed with the pool
 * @param now milliseconds since 1970
 */
export function devicePool(
  name: string,
  info: DeviceInfo,
  pooled: readonly PooledDevice[],
  warn: (message: string) => void,
  now: () => number = Date.now,
): DevicePool {
  const members = pooled.map((one): Member => ({ ...one, busy: false, awayUntil: 0, awayMs: firstAwayMs, other: null }))
  const waiting: (() => void)[] = []
  // From the front; who has worked goes to the back, so that all of them work.
  const turns = [...members]

  /** null: whoever could do it is busy. */
  const free = (): Member | null => turns.find(({ busy, awayUntil, other }) => !busy && !other && awayUntil <= now()) ?? null
  const acquire = async (): Promise<Member> => {
    for (let member = waiting.length > 0 ? null : free(); ; member = free()) {
      const others = members.flatMap(({ other }) => other ?? [])
      if (others.length === members.length) {
        waiting.shift()?.()
        throw others[0]
      }
      if (member) {
        member.busy = true
        turns.push(...turns.splice(turns.indexOf(member), 1))
        return member
      }
      await new Promise<void>((resolve) => void waiting.push(resolve))
    }
  }
  const release = (member: Member): void => {
    member.busy = false
    waiting.shift()?.()
  }

  /** The work itself, on a device that is what the pool takes it for. */
  const attempt = async <T>(member: Member, work: (pooled: PooledDevice) => Promise<T>): Promise<T> => {
    const found = await member.device.describe()
    if (found.fingerprint !== info.fingerprint) throw anotherDevice(info, found)
    const result = await work(member)
    member.awayMs = firstAwayMs
    return result
  }

  /** Whether others are there to do what this one could not. */
  const leaves = (member: Member, error: unknown): boolean => {
    const lost = isMnasError(error) && error.code === 'MNAS_DEVICE_LOST'
    if (lost) {
      member.awayUntil = now() + member.awayMs
      member.awayMs *= 2
    }
    if (isMnasError(error) && error.code === 'MNAS_DEVICES_DIFFERENT') member.other = error
    if (!lost && !member.other) return false
    const left = members.filter(({ other }) => !other)
    if (left.some(({ awayUntil }) => awayUntil <= now())) return true
    // All are away: whoever asks next may find any of them back.
    for (const each of left) each.awayUntil = 0
    // One that became another never comes back: its work is for those that may, and fails as theirs.
    return member.other !== null && left.length > 0
  }

  return {
    name,
    info,
    device: members[0]!.device,
    size: members.length,
    async use(work) {
      while (true) {
        const member = await acquire()
        try {
          return await attempt(member, work)
        } catch (error) {
          if (!leaves(member, error)) throw error
          warn(`${error instanceof Error ? error.message : String(error)} Others go on with its work.`)
        } finally {
          release(member)
        }
      }
    },
    async close() {
      for (const { device } of members) await device.close()
    },
  }
}
