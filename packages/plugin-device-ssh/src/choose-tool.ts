import { readFile, stat } from 'node:fs/promises'
import type { DeviceContext, OptionValues, RuntimeLibrary } from '@mnas/core/contracts'
import { coreErrors } from '@mnas/core/errors'
import { hashFile } from '@mnas/core/files'
import { BenchmarkModelTool, describeToolFile, LiteRtTool, numberOf, type RemoteTool } from '@mnas/remote-device'
import { requirePlatform } from './board/require-platform.js'
import { sshErrors } from './errors.js'
import type { OpenedBoard } from './open-board.js'
import { textOf } from './ssh-options.js'

const limitSeconds = 300

/**
 * What times models on a board: a benchmark_model where one is given, else LiteRT's library under our driver.
 * @throws MNAS_SSH_SYSTEM, MNAS_SSH_LIBRARY, MNAS_FILE_MISSING
 */
export async function chooseTool(board: OpenedBoard, options: OptionValues, context: DeviceContext): Promise<RemoteTool> {
  const { shell, folder } = board.system
  const { cacheFolder, signal } = context
  const common = { shell, folder, cacheFolder, limitSeconds: numberOf(options, 'limit', limitSeconds), signal }
  const wish = textOf(options, 'benchmark-model')
  if (wish !== null)
    return new BenchmarkModelTool({ ...common, tool: describeToolFile(wish, await read(wish, 'benchmark_model')) })
  const platform = requirePlatform(shell.name, board.facts)
  const given = textOf(options, 'library')
  const library = given === null ? await setUpLibrary(shell.name, platform, context) : await givenLibrary(given)
  return new LiteRtTool({ ...common, python: board.python, library })
}

async function setUpLibrary(device: string, platform: string, context: DeviceContext): Promise<RuntimeLibrary> {
  const { libraries } = await context.runtime('litert')
  const library = await libraries?.find(platform, context)
  if (!library) throw sshErrors.MNAS_SSH_LIBRARY({ device, platform })
  return library
}

/** Nobody vouches for its version. */
async function givenLibrary(path: string): Promise<RuntimeLibrary> {
  try {
    return { name: 'litert', version: 'unknown', sha256: await hashFile(path), path, sizeBytes: (await stat(path)).size }
  } catch (error) {
    throw coreErrors.MNAS_FILE_MISSING({ path, what: 'LiteRT library' }, error)
  }
}

async function read(path: string, what: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    throw coreErrors.MNAS_FILE_MISSING({ path, what }, error)
  }
}
