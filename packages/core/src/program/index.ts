export { cliErrors } from './errors.js'
export { formatError } from './format-error.js'
export { type InterruptOptions, interruptible } from './interruptible.js'
export { isExit, toCliError } from './to-cli-error.js'
