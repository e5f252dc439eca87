import type { DeviceContext, DeviceDriver, ModelRuntime } from '@mnas/core/contracts'
import { measurementErrors } from '@mnas/core/measurement'
import { nativeRuntime } from './choose-runtime.js'
import { openHost } from './host-device.js'

/** This computer as a device. There is one, so a selector behind a colon is a mistake. */
export const hostDriver: DeviceDriver = {
  name: 'host',

  async list(context) {
    const native = await (await context.runtime(nativeRuntime)).available(context)
    return [{ selector: '', state: 'code' in native ? 'ready (LiteRT.js; set up the native library for true times)' : 'ready' }]
  },

  async open(selector, context) {
    if (selector) {
      const reason = `there is one host, received "${selector}" behind the colon; expected --device host`
      throw measurementErrors.MNAS_DEVICE_UNREACHABLE({ device: `host:${selector}`, reason })
    }
    return openHost(context)
  },

  /** The runtime knows which library it needs and where from; options: `library`, the path of one to use instead. */
  setup: {
    plan: async (options, context) => (await nativeSetup(context)).plan(options, context),
    run: async (options, context) => (await nativeSetup(context)).run(options, context),
  },
}

async function nativeSetup(context: DeviceContext): Promise<NonNullable<ModelRuntime['setup']>> {
  const { setup } = await context.runtime(nativeRuntime)
  if (!setup) throw measurementErrors.MNAS_DEVICE_NO_SETUP({ device: 'host' })
  return setup
}
