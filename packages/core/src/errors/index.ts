export { contractErrors } from './contract-errors.js'
export { coreErrors } from './core-errors.js'
export { type Catalogue, defineErrors, type ErrorDefinition } from './define-errors.js'
export { describeIssues } from './describe-issues.js'
export { didYouMean } from './did-you-mean.js'
export {
  type ExitKind,
  exitCodes,
  fromErrorRecord,
  isMnasError,
  MnasError,
  type MnasErrorRecord,
  toErrorRecord,
} from './mnas-error.js'
export { storeErrors } from './store-errors.js'
