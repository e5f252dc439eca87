import type { DeviceDriver } from '@mnas/core/contracts'
import { numberOf, RemoteDevice } from '@mnas/remote-device'
import { checkSsh } from './check-ssh.js'
import { chooseTool } from './choose-tool.js'
import { knownBoards } from './known-boards.js'
import { librarySetup } from './library-setup.js'
import { openBoard } from './open-board.js'
import { benchmarkFlags, deviceOptions } from './ssh-options.js'

const coolDownSeconds = 600

/** Linux boards over ssh. */
export const sshDriver: DeviceDriver = {
  name: 'ssh',
  options: deviceOptions,
  flags: benchmarkFlags,
  setup: librarySetup,
  check: checkSsh,

  list: ({ cacheFolder }) => knownBoards(cacheFolder),

  async open(choice, context) {
    const { options } = choice
    const board = await openBoard(choice, context)
    return new RemoteDevice({
      system: board.system,
      tool: await chooseTool(board, options, context),
      context,
      coolDownSeconds: numberOf(options, 'cool-down', coolDownSeconds),
      anchored: options['anchor'] !== false,
      compared: options['compare'] !== false,
    })
  },
}
