import type { DeviceContext, DeviceDriver, ModelRuntime, RuntimeInfo } from '@mnas/core/contracts'
import { deviceTurns, measurementErrors } from '@mnas/core/measurement'
import { requirePlatform } from './board/require-platform.js'
import { chooseTool } from './choose-tool.js'
import { rememberBoard } from './known-boards.js'
import { openBoard } from './open-board.js'
import { parseTarget } from './ssh/parse-target.js'
import { reachOptions } from './ssh-options.js'

/** `mnas device setup ssh:HOST`: LiteRT's library for the board, from where the runtime here gets its own, and onto the board. */
export const librarySetup: NonNullable<DeviceDriver['setup']> = {
  options: [...reachOptions, { name: 'python', summary: 'the Python of the board (default python3)', kind: 'text' }],

  async plan({ selector }, context) {
    const device = `ssh:${parseTarget(selector)}`
    const { platforms } = await librariesOf(device, context)
    return [
      `Ask ${device} for its processor and its system`,
      `Get LiteRT's library for it (${platforms.join(' or ')}), checked against a checksum known to mnas, into "${context.cacheFolder}"`,
      `Copy the library and a driver of 10 kB into .cache/mnas on ${device}`,
    ]
  },

  async run(choice, context): Promise<RuntimeInfo> {
    const board = await openBoard(choice, context)
    const { name } = board.system.shell
    const platform = requirePlatform(name, board.facts)
    const libraries = await librariesOf(name, context)
    if (!(await libraries.find(platform, context))) await libraries.fetch(platform, context)
    const tool = await chooseTool(board, {}, context)
    await deviceTurns(name, context)(() => tool.prepare())
    await rememberBoard(context.cacheFolder, parseTarget(choice.selector), board.facts)
    return tool.runtime
  },
}

async function librariesOf(device: string, context: DeviceContext): Promise<NonNullable<ModelRuntime['libraries']>> {
  const { libraries } = await context.runtime('litert')
  if (!libraries) throw measurementErrors.MNAS_DEVICE_NO_SETUP({ device })
  return libraries
}
