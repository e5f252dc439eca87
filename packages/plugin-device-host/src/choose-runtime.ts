import type { DeviceContext, ModelRuntime, RuntimeInfo } from '@mnas/core/contracts'
import type { MnasErrorRecord } from '@mnas/core/errors'
import { measurementErrors } from '@mnas/core/measurement'

/** LiteRT's own C library: within 1 % of the official Python runtime. */
export const nativeRuntime = 'litert'
/** The same interpreter in WebAssembly: comes with npm, takes 3.4 times as long. */
const portableRuntime = 'litert-js'

/** What `--option runtime=NAME` can say. */
export const runtimeNames: readonly string[] = [nativeRuntime, portableRuntime]

export interface ChosenRuntime {
  readonly runtime: ModelRuntime
  readonly info: RuntimeInfo
}

const warned = new WeakSet<DeviceContext>()

/**
 * The runtime that was asked for; else the native library where it is set up, else the portable one, said once per command: its times are right
 * relative to each other only.
 * @throws MNAS_DEVICE_UNREACHABLE when that, or neither, can run
 */
export async function chooseRuntime(context: DeviceContext, wish?: string): Promise<ChosenRuntime> {
  if (wish !== undefined) return wished(context, wish)
  const native = await probe(context, nativeRuntime)
  if ('info' in native) return native
  const portable = await probe(context, portableRuntime)
  if ('info' in portable) {
    warnOnce(context, native.problem)
    return portable
  }
  const reason = `neither ${nativeRuntime} nor ${portableRuntime} can run (${native.problem.message} ${portable.problem.message})`
  throw measurementErrors.MNAS_DEVICE_UNREACHABLE({ device: 'host', reason })
}

async function wished(context: DeviceContext, name: string): Promise<ChosenRuntime> {
  const found = await probe(context, name)
  if ('info' in found) return found
  throw measurementErrors.MNAS_DEVICE_UNREACHABLE({ device: 'host', reason: `${name} cannot run (${found.problem.message})` })
}

async function probe(context: DeviceContext, name: string): Promise<ChosenRuntime | { readonly problem: MnasErrorRecord }> {
  const runtime = await context.runtime(name)
  const info = await runtime.available(context)
  return 'code' in info ? { problem: info } : { runtime, info }
}

function warnOnce(context: DeviceContext, { message }: MnasErrorRecord): void {
  if (warned.has(context)) return
  warned.add(context)
  context.warn(
    `${message} Until then LiteRT.js (WebAssembly) is timed: about 3.4 times slower, and not comparable with the native library.`,
  )
}
