// For docs/json.md, tests, and programs that read answers. Commands import types of it alone: they must start quickly.
export type { AnswerOf } from './answer-of.js'
export { answers } from './answers.js'
export {
  type ArchListAnswer,
  type ArchSchemaAnswer,
  type ArchShowAnswer,
  archListAnswer,
  archSchemaAnswer,
  archShowAnswer,
} from './arch-answers.js'
export { type ConfigShowAnswer, configShowAnswer } from './config-show-answer.js'
export { type DataCheckAnswer, dataCheckAnswer } from './data-check-answer.js'
export {
  type DeviceBenchmarkAnswer,
  type DeviceCompareAnswer,
  type DeviceCreateAnswer,
  type DeviceDescribeAnswer,
  type DeviceListAnswer,
  type DeviceProfileAnswer,
  type DeviceSetupAnswer,
  deviceBenchmarkAnswer,
  deviceCompareAnswer,
  deviceCreateAnswer,
  deviceDescribeAnswer,
  deviceListAnswer,
  deviceProfileAnswer,
  deviceSetupAnswer,
} from './device-answers.js'
export { type DoctorAnswer, doctorAnswer } from './doctor-answer.js'
export { type EvaluateAnswer, evaluateAnswer } from './evaluate-answer.js'
export { type DeployAnswer, deployAnswer, type ExportAnswer, exportAnswer } from './export-answers.js'
export { type FailureAnswer, failureAnswer } from './failure-answer.js'
export { type ImportAnswer, importAnswer } from './import-answer.js'
export { architecture } from './parts/architecture.js'
export { chart } from './parts/chart.js'
export { macs, parameters, peakMemoryBytes } from './parts/costs.js'
export { errorRecord } from './parts/error-record.js'
export { fileTensor } from './parts/file-tensor.js'
export { hash } from './parts/hash.js'
export { jsonObject } from './parts/json-object.js'
export { metrics } from './parts/metrics.js'
export { count, fraction, milliseconds, seconds } from './parts/numbers.js'
export { precision } from './parts/precision.js'
export { runtime } from './parts/runtime.js'
export { skippedFile } from './parts/skipped-file.js'
export { latency } from './parts/timing/latency.js'
export { operatorTime } from './parts/timing/operator-time.js'
export { version } from './parts/version.js'
export { type PredictAnswer, predictAnswer } from './predict-answer.js'
export { type TrainAnswer, trainAnswer } from './train-answer.js'
