// Every command file imports this, and `mnas --help` imports every command file: nothing here may import more than oclif at its top.
export {
  bytesFlag,
  classFoldersFlag,
  countFlag,
  dataFlag,
  deploymentFlags,
  deploymentOptions,
  deviceOptionsFlag,
  durationFlag,
  exportOptionsFlag,
  fractionFlag,
  modelArgument,
  modelOrFileArgument,
  onDeviceFlags,
  outFlag,
  randomWeightsFlag,
  settingFlags,
  sizeFlag,
  taskOptionFlag,
  timingFlags,
} from './flags.js'
export { importFlags, importWish, type StyleFlags } from './import-flags.js'
export { missingPlugins } from './missing-plugins.js'
export { MnasCommand } from './mnas-command.js'
export { quoteArgument } from './quote-argument.js'
export { runCli } from './run-cli.js'
