export { type DevicePool, devicePool, type PooledDevice } from './device-pool.js'
export { measurementErrors } from './errors.js'
export { flagsOf } from './flags-of.js'
export { doubtsInWords, formatLatency, latencyRemarks } from './format-latency.js'
export { measureInProcesses, type TimedDevice } from './measure-in-processes.js'
export { fullBenchmark, type LatencyRequest, measureLatency, quickBenchmark } from './measure-latency.js'
export { type Effort, type MeasurementCache, type MeasurementKey, openMeasurementCache } from './measurement-cache.js'
export { formatOfPath, modelFileAt } from './model-file.js'
export {
  type DeviceWish,
  deviceContext,
  type ListedDevice,
  type ListedOption,
  listDevices,
  listOptions,
  type OpenedDevice,
  openDevice,
  parseDevice,
} from './open-device.js'
export { type OpenedPool, openPool } from './open-pool.js'
export { quietMachine } from './quiet-machine.js'
export { type SetupRequest, setUpDevice } from './set-up-device.js'
export { startRuntime } from './start-runtime.js'
export { median, type Summary, summarize, timingOf } from './summarize.js'
export { type Sustained, type SustainedPoint, sustain } from './sustain.js'
