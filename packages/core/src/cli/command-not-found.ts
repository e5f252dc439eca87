import type { Hook } from '@oclif/core'
import { didYouMean } from '../errors/index.js'
import { pluginErrors } from '../plugins/index.js'
import { cliErrors } from '../program/index.js'
import { missingPlugins } from './missing-plugins.js'

/** oclif's hook for a command that does not exist: a usage error with the nearest name, or a plug-in that did not load. Never asks. */
const commandNotFound: Hook.CommandNotFound = async ({ id, config }) => {
  const name = id.replaceAll(':', ' ')
  const known = config.getAllCommandIDs().map((command) => command.replaceAll(':', ' '))
  const missing = missingPlugins(config)
  if (missing.length > 0) throw pluginErrors.MNAS_PLUGIN_MISSING({ what: `command "${name}"`, plugins: missing })
  const hint = didYouMean(name, known)
  throw cliErrors.MNAS_USAGE({ what: `Unknown command "${name}".${hint.startsWith(' Did') ? hint : ''}`, help: 'mnas --help' })
}
export default commandNotFound
