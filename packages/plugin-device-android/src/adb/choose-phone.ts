import { setTimeout as sleep } from 'node:timers/promises'
import { measurementErrors } from '@mnas/core/measurement'
import { androidErrors } from '../errors.js'
import type { Adb } from './adb.js'
import { isAddress, type ListedPhone } from './parse-phones.js'

/** A fixed port may be a stranger's, who never answers. */
const connectMs = 4000
const readyMs = 4000
const pollMs = 100

/**
 * The phone that is meant, ready to be used. One over TCP is connected where it is not, or not any more.
 * @throws MNAS_ANDROID_WHICH, MNAS_DEVICE_UNREACHABLE, MNAS_REMOTE_TIMEOUT
 */
export async function choosePhone(adb: Adb, selector: string | undefined, signal: AbortSignal): Promise<ListedPhone> {
  if (selector) return wished(adb, selector, signal)
  const phones = await adb.phones(signal)
  const usable = phones.filter(({ state }) => state === 'device')
  const [only, other] = usable
  if (only && other) throw androidErrors.MNAS_ANDROID_WHICH({ phones: usable.map(({ serial }) => serial) })
  if (only) return only
  const [first] = phones
  throw first ? unusable(first) : unreachable('android', 'no phone is connected; allow USB debugging on the phone and connect it')
}

/** Serials of all phones that are ready, where they are of one model by what adb says of them. @throws MNAS_ANDROID_WHICH */
export async function alikePhones(adb: Adb, signal: AbortSignal): Promise<readonly string[]> {
  const usable = (await adb.phones(signal)).filter(({ state }) => state === 'device')
  const models = new Set(usable.map(({ product, model }) => `${product} ${model}`))
  if (models.size > 1) throw androidErrors.MNAS_ANDROID_WHICH({ phones: usable.map(({ serial }) => serial) })
  return usable.map(({ serial }) => serial)
}

async function wished(adb: Adb, serial: string, signal: AbortSignal): Promise<ListedPhone> {
  const find = async () => (await adb.phones(signal)).find((phone) => phone.serial === serial)
  let phone = await find()
  if (isAddress(serial) && (!phone || phone.state === 'offline')) {
    if (phone) await adb.exec(['disconnect', serial], nameOf(serial), { limitMs: connectMs, signal })
    const said = await connect(adb, serial, signal)
    phone = await find()
    if (!phone) throw unreachable(nameOf(serial), said)
  }
  if (!phone) throw unreachable(nameOf(serial), 'no phone of this serial is connected')
  const until = Date.now() + readyMs
  while (passing.includes(phone.state) && Date.now() < until) {
    await sleep(pollMs, undefined, { signal }).catch(() => signal.throwIfAborted())
    phone = (await find()) ?? phone
  }
  if (phone.state !== 'device') throw unusable(phone)
  return phone
}

/** States that last a moment: just connected, or dropped and found again. */
const passing: readonly string[] = ['offline', 'connecting', 'authorizing']

/** What adb said; its status is 0 either way. */
async function connect(adb: Adb, serial: string, signal: AbortSignal): Promise<string> {
  try {
    const { stdout, stderr } = await adb.exec(['connect', serial], nameOf(serial), { limitMs: connectMs, signal })
    return `${stdout}${stderr}`.trim().split('\n').at(-1) || 'adb cannot connect'
  } catch (error) {
    signal.throwIfAborted()
    return error instanceof Error ? error.message : String(error)
  }
}

/** A state of adb in words, with what to do. */
export function stateInWords(state: string): string {
  switch (state) {
    case 'device':
      return 'ready'
    case 'unauthorized':
    case 'authorizing':
      return 'unauthorized: accept the dialog on the phone'
    case 'offline':
      return 'offline: connect it again'
    case 'no permissions':
      return 'no permissions: this user may not use the USB device'
    default:
      return state
  }
}

const nameOf = (serial: string) => `android:${serial}`
const unusable = ({ serial, state }: ListedPhone) => unreachable(nameOf(serial), `it is ${stateInWords(state)}`)
const unreachable = (device: string, reason: string) => measurementErrors.MNAS_DEVICE_UNREACHABLE({ device, reason })
