import type { Device, DeviceChoice, DeviceContext, DeviceDriver } from '@mnas/core/contracts'
import { BenchmarkModelTool, numberOf, RemoteDevice } from '@mnas/remote-device'
import { Adb } from './adb/adb.js'
import { adbSwitchedOff } from './adb/adb-program.js'
import { alikePhones, choosePhone, stateInWords } from './adb/choose-phone.js'
import { adbOptionsOf, benchmarkFlags, deviceOptions } from './android-options.js'
import { checkAdb } from './check-adb.js'
import { androidErrors } from './errors.js'
import { AndroidSystem } from './phone/android-system.js'
import { looksEmulated } from './phone/phone-facts.js'
import { requireAbi, toolSetup } from './tools/tool-setup.js'
import { readTool, storedTool, type Tool } from './tools/tool-store.js'

const limitSeconds = 300
const coolDownSeconds = 600

/** Android phones over adb, by cable or TCP. */
export const androidDriver: DeviceDriver = {
  name: 'android',
  options: deviceOptions,
  flags: benchmarkFlags,
  setup: toolSetup,
  check: checkAdb,

  async list({ signal }) {
    if (adbSwitchedOff()) return []
    const adb = await Adb.open({})
    try {
      return (await adb.phones(signal)).map((phone) => ({
        selector: phone.serial,
        state: stateInWords(phone.state),
        description: phone.model.replaceAll('_', ' '),
        emulated: looksEmulated(phone),
      }))
    } finally {
      await adb.close()
    }
  },

  async alike({ options }, { signal }) {
    const adb = await Adb.open(adbOptionsOf(options))
    try {
      return await alikePhones(adb, signal)
    } finally {
      await adb.close()
    }
  },

  async open(choice, context) {
    const adb = await Adb.open(adbOptionsOf(choice.options))
    try {
      return await openPhone(adb, choice, context)
    } catch (error) {
      await adb.close()
      throw error
    }
  },
}

async function openPhone(adb: Adb, { selector, options }: DeviceChoice, context: DeviceContext): Promise<Device> {
  const { signal, cacheFolder } = context
  const { serial } = await choosePhone(adb, selector, signal)
  const system = new AndroidSystem(adb, serial, signal)
  const { shell, folder } = system
  const { abi } = await system.facts()
  const wish = options['benchmark-model']
  const tool = await (typeof wish === 'string' ? readTool(wish) : setUpTool(shell.name, abi, cacheFolder))
  requireAbi(tool, shell.name, abi)
  const limit = numberOf(options, 'limit', limitSeconds)
  const device = new RemoteDevice({
    system,
    tool: new BenchmarkModelTool({ shell, folder, tool, cacheFolder, limitSeconds: limit, signal }),
    context,
    coolDownSeconds: numberOf(options, 'cool-down', coolDownSeconds),
    anchored: options['anchor'] !== false,
    compared: options['compare'] !== false,
  })
  return closingWith(device, () => adb.close())
}

async function setUpTool(device: string, abi: string, cacheFolder: string): Promise<Tool> {
  const tool = await storedTool(cacheFolder, abi)
  if (!tool) throw androidErrors.MNAS_ANDROID_TOOL({ device, abi })
  return tool
}

function closingWith(device: RemoteDevice, close: () => Promise<void>): Device {
  return {
    describe: () => device.describe(),
    settle: (onWait) => device.settle(onWait),
    benchmark: (file, options) => device.benchmark(file, options),
    loadCached: (file, options) => device.loadCached(file, options),
    timeAnchor: () => device.timeAnchor(),
    profile: (file, options) => device.profile(file, options),
    async close() {
      await device.close()
      await close()
    },
  }
}
