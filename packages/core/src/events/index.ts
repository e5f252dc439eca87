export { automaticReporterKind, createReporter, type ReporterOptions } from './create-reporter.js'
export { formatRate, formatSeconds, paceMeter } from './pace.js'
export { printable } from './printable.js'
export {
  type DomainEvent,
  type Pace,
  type Progress,
  type Reporter,
  type ReporterKind,
  type ReporterStream,
  reporterKinds,
} from './reporter.js'
