export { automaticReporterKind, createReporter, type ReporterOptions } from './create-reporter.js'
export { formatRate, formatSeconds } from './pace.js'
export { type Progress, type Reporter, type ReporterKind, type ReporterStream, reporterKinds } from './reporter.js'
