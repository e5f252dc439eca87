export { testingErrors } from './errors.js'
export { type Interpretation, type InterpretOptions, interpret } from './interpreter/interpret.js'
export type { TensorLike, Value } from './interpreter/value.js'
