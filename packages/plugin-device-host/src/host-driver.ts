import type { DeviceChoice, DeviceContext, DeviceDriver, ModelRuntime } from '@mnas/core/contracts'
import { measurementErrors } from '@mnas/core/measurement'
import { checkLoad } from './check-load.js'
import { nativeRuntime, runtimeNames } from './choose-runtime.js'
import { openHost } from './host-device.js'

/** This computer as a device. There is one, so a selector behind a colon is a mistake. */
export const hostDriver: DeviceDriver = {
  name: 'host',
  options: [{ name: 'runtime', summary: 'what runs the models', kind: 'text', choices: runtimeNames }],
  flags: [],

  async list(context) {
    const native = await (await context.runtime(nativeRuntime)).available(context)
    return [{ selector: '', state: 'code' in native ? 'ready (LiteRT.js; set up the native library for true times)' : 'ready' }]
  },

  async open(choice, context) {
    requireNoSelector(choice)
    const { runtime } = choice.options
    return openHost(context, typeof runtime === 'string' ? runtime : undefined)
  },

  /** The runtime knows which library it needs and where from. */
  setup: {
    options: [{ name: 'library', summary: 'a library of LiteRT that you have, instead of downloading one', kind: 'path' }],
    plan: async (choice, context) => (await nativeSetup(choice, context)).plan(choice.options, context),
    run: async (choice, context) => (await nativeSetup(choice, context)).run(choice.options, context),
  },

  check: async () => [checkLoad()],
}

function requireNoSelector({ selector }: DeviceChoice): void {
  if (!selector) return
  const reason = `there is one host, received "${selector}" behind the colon; expected --device host`
  throw measurementErrors.MNAS_DEVICE_UNREACHABLE({ device: `host:${selector}`, reason })
}

async function nativeSetup(choice: DeviceChoice, context: DeviceContext): Promise<NonNullable<ModelRuntime['setup']>> {
  requireNoSelector(choice)
  const { setup } = await context.runtime(nativeRuntime)
  if (!setup) throw measurementErrors.MNAS_DEVICE_NO_SETUP({ device: 'host' })
  return setup
}
