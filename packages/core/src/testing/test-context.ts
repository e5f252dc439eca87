import type { DeviceContext, ModelRuntime, Surroundings } from '../contracts/index.js'
import { coreErrors } from '../errors/index.js'
import { testSurroundings } from './test-surroundings.js'

/** What tests give a device driver: these runtimes and no others. */
export function testContext(runtimes: readonly ModelRuntime[] = [], changes: Partial<Surroundings> = {}): DeviceContext {
  return {
    ...testSurroundings(changes),
    async runtime(name) {
      const runtime = runtimes.find((each) => each.name === name)
      if (runtime) return runtime
      throw coreErrors.MNAS_NAME_UNKNOWN({ kind: 'runtime', name, known: runtimes.map((each) => each.name) })
    },
  }
}
