export { type DevicePool, devicePool, type PooledDevice } from './devices/device-pool.js'
export { type DeviceTurn, deviceTurns } from './devices/device-turns.js'
export { flagsOf } from './devices/flags-of.js'
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
} from './devices/open-device.js'
export { type OpenedPool, openPool } from './devices/open-pool.js'
export { type SetupRequest, setUpDevice } from './devices/set-up-device.js'
export { startRuntime } from './devices/start-runtime.js'
export { measurementErrors } from './errors.js'
export { doubtsInWords, formatLatency, latencyRemarks } from './format-latency.js'
export { measureInProcesses, type TimedDevice } from './measure-in-processes.js'
export { fullBenchmark, type LatencyRequest, measureLatency, quickBenchmark } from './measure-latency.js'
export { type Effort, type MeasurementCache, type MeasurementKey, openMeasurementCache } from './measurement-cache.js'
export { formatOfPath, modelFileAt } from './model-file.js'
export { type QuietWaiter, quietMachine } from './quiet-machine.js'
export { median, type RunsOfAll, runsOf, type Summary, summarize, timingOf } from './summarize.js'
export { type Sustained, type SustainedPoint, sustain } from './sustain.js'
