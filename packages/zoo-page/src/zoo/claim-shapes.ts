import type { AccuracyClaim, LatencyClaim } from '@mnas/plugin-zoo'

/** Whether a value of JSON is of some form. */
type Check = (value: unknown) => boolean

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null
const isText: Check = (value) => typeof value === 'string'
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value)
const isFlag: Check = (value) => typeof value === 'boolean'
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)
const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check)
const recordOf =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check)
const shapeOf =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([name, check]) => check(value[name]))

const said = { basis: isText, source: orAbsent(isText), command: orAbsent(isText), mnas: orAbsent(isText), date: isText }
const metrics = recordOf(isNumber)

const ofAccuracy = shapeOf({
  ...said,
  file: orNull(isText),
  dataset: shapeOf({ name: isText, split: isText, fingerprint: orNull(isText), images: isNumber }),
  metrics,
  right: orNull(isNumber),
  seeds: listOf(shapeOf({ seed: isNumber, metrics })),
  interval95: orNull(listOf(isNumber)),
  decoder: isText,
  engine: isText,
})

const ofLatency = shapeOf({
  ...said,
  file: orNull(isText),
  device: shapeOf({ model: isText, soc: orNull(isText), os: orNull(isText), emulated: isFlag }),
  runtime: shapeOf({ name: isText, version: isText }),
  accelerator: isText,
  threads: isNumber,
  flags: isObject,
  ms: shapeOf({ p50: isNumber, p90: orNull(isNumber), p99: orNull(isNumber), min: orNull(isNumber) }),
  spread: orNull(isNumber),
  runs: orNull(isNumber),
  processes: orNull(isNumber),
})

/** Whether something is a claim as far as it is shown: what is laid down by strangers may be anything. */
export const isAccuracyClaim = (value: unknown): value is AccuracyClaim => ofAccuracy(value)
export const isLatencyClaim = (value: unknown): value is LatencyClaim => ofLatency(value)
