import { setTimeout as sleep } from 'node:timers/promises'
import type { DeviceContext, ModelRuntime, RuntimeInfo } from '@mnas/core/contracts'
import type { Dialect } from '@mnas/remote-device'
import type { DeviceEmulatorAnswer } from '../answers/index.js'
import { androidErrors } from '../errors.js'
import { SoftwarePhone } from './software-phone.js'

export interface EmulatorRequest {
  readonly context: DeviceContext
  readonly faults: readonly string[]
  readonly dialect: Dialect
  /** What every run is said to take, as it was typed; undefined: they are timed. */
  readonly fixedMs: string | undefined
  /** Ends after so long; null: by the context's signal. */
  readonly seconds: number | null
  /** Told once, when the phone can be reached: what to do with it. */
  onReady(lines: readonly string[]): void
}

/** A software phone from its start to its end. @throws MNAS_EMULATOR_FAULT, MNAS_EMULATOR_SYSTEM, the signal's reason */
export async function runEmulator(request: EmulatorRequest): Promise<DeviceEmulatorAnswer> {
  const { context, faults, dialect, seconds, onReady } = request
  const { runtime, info } = await findRuntime(context)
  const phone = await SoftwarePhone.start({ runtime, around: context, faults, dialect, fixedMs: numberOf(request.fixedMs) })
  try {
    const device = `android:${phone.serial}`
    onReady([
      `The phone is on: ${device}. Its tool: ${phone.tool}`,
      `mnas device setup ${device} --option benchmark-model=${phone.tool} --yes`,
      `mnas device benchmark mnasnet-a1 --device ${device}`,
    ])
    const lasting = seconds === null ? 2 ** 31 - 1 : 1000 * seconds
    await sleep(lasting, undefined, { signal: context.signal }).catch(() => context.signal.throwIfAborted())
    return { version: 1, device, emulated: true, tool: phone.tool, dialect, runtime: info, faults: [...faults] }
  } finally {
    await phone.close()
  }
}

function numberOf(text: string | undefined): number | null {
  if (text === undefined) return null
  const number = Number(text)
  if (number > 0 && Number.isFinite(number)) return number
  throw androidErrors.MNAS_EMULATOR_NUMBER({ received: text })
}

/** LiteRT's own library where it is set up, else LiteRT.js. */
async function findRuntime(context: DeviceContext): Promise<{ readonly runtime: ModelRuntime; readonly info: RuntimeInfo }> {
  const problems: string[] = []
  for (const name of ['litert', 'litert-js']) {
    const runtime = await context.runtime(name).catch(() => null)
    const info = await runtime?.available(context)
    if (runtime && info && !('code' in info)) return { runtime, info }
    problems.push(info && 'code' in info ? info.message : `no plug-in brings the runtime ${name}`)
  }
  throw androidErrors.MNAS_EMULATOR_SYSTEM({ reason: problems.join(' ') })
}
