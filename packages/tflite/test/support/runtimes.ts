import type { ModelRuntime } from '@mnas/core/contracts'
import { testSurroundings } from '@mnas/core/testing'
import { liteRt, liteRtJsRuntime, liteRtRuntime, type RuntimeOptions } from '@mnas/tflite'

export interface TestedRuntime {
  readonly name: string
  /** Why its tests cannot run here, or null. */
  readonly missing: string | null
  create(options?: RuntimeOptions): ModelRuntime
}

/**
 * Both runtimes. The C library is a set-up of its own: without it its tests are skipped and say so, but not in continuous integration, where
 * they fail.
 */
export async function testedRuntimes(): Promise<readonly TestedRuntime[]> {
  const info = await liteRt.available(testSurroundings())
  const missing = 'code' in info ? info.message : null
  if (missing && process.env['CI']) throw new Error(missing)
  if (missing) console.warn(`Tests of the runtime litert are skipped. ${missing}`)
  return [
    { name: 'litert-js', missing: null, create: liteRtJsRuntime },
    { name: 'litert', missing, create: liteRtRuntime },
  ]
}
