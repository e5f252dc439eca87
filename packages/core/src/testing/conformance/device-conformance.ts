import type {
  BenchmarkOptions,
  Device,
  DeviceChoice,
  DeviceContext,
  DeviceDriver,
  ModelFile,
  OptionValues,
  ProcessTiming,
} from '../../contracts/index.js'
import { flagsOf, summarize, timingOf } from '../../measurement/index.js'
import { type ConformanceCase, check, checkClose, checkEqual, checkJson } from './check.js'

export interface DeviceOptions {
  /** What stands behind the colon of `--device NAME:SELECTOR`; default: nothing. */
  readonly selector?: string
  /** What `open` is told; default: nothing. */
  readonly options?: OptionValues
}

const hash = /^[0-9a-f]{64}$/
const benchmark: BenchmarkOptions = { threads: 1, processes: 3, runs: 4, maxSpread: 0.1, flags: {} }

/**
 * What every DeviceDriver has to do with a model file that the device can run.
 * No time is compared with another: this passes on a busy machine.
 */
export function deviceConformance(
  driver: DeviceDriver,
  context: DeviceContext,
  file: ModelFile,
  options: DeviceOptions = {},
): readonly ConformanceCase[] {
  const withDevice = (work: (device: Device) => Promise<void>) => async () => {
    const device = await driver.open(choiceOf(options), context)
    try {
      await work(device)
    } finally {
      await device.close()
    }
  }
  return [
    { name: 'says what it can be told', run: async () => checkOptions(driver) },
    { name: 'lists what can be opened', run: () => checkList(driver, context) },
    { name: 'describes itself', run: withDevice((device) => checkDescription(device, file)) },
    { name: 'is the same device when opened again', run: () => checkSameAgain(driver, context, options) },
    { name: 'times a model', run: withDevice((device) => checkBenchmark(device, file)) },
    { name: 'stops for an aborted signal', run: () => checkAbort(driver, context, file, options) },
  ]
}

const choiceOf = ({ selector, options = {} }: DeviceOptions): DeviceChoice => ({ selector, options })

/** One `--option` serves both: no name may mean two things. */
function checkOptions({ options, flags, setup }: DeviceDriver): void {
  for (const list of [[...options, ...flags], setup?.options ?? []]) {
    const names = list.map(({ name }) => name)
    checkEqual(new Set(names).size, names.length, 'number of different names of options')
    for (const { name, summary, kind, choices } of list) {
      check(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name), 'name of an option', 'lower-case letters, digits and dashes', name)
      check(summary.length > 0, `summary of the option "${name}"`, 'a few words', 'nothing')
      check(kind === 'text' || !choices, `choices of the option "${name}"`, 'none: it is no text', `${choices}`)
    }
  }
}

async function checkList(driver: DeviceDriver, context: DeviceContext): Promise<void> {
  const found = await driver.list(context)
  for (const { state } of found) check(state.length > 0, 'state of a listed device', 'a word or two', 'nothing')
  const selectors = found.map(({ selector }) => selector)
  checkEqual(new Set(selectors).size, selectors.length, 'number of different selectors')
}

async function checkDescription(device: Device, file: ModelFile): Promise<void> {
  const info = await device.describe()
  check(info.name.length > 0, 'name of the device', 'some text', 'nothing')
  check(['host', 'phone', 'board'].includes(info.kind), 'kind of the device', 'host, phone or board', info.kind)
  check(hash.test(info.fingerprint), 'fingerprint', '64 hexadecimal digits', info.fingerprint)
  check(hash.test(info.runtime.sha256), 'sha256 of the runtime', '64 hexadecimal digits', info.runtime.sha256)
  check(
    info.runtime.name.length > 0 && info.runtime.version.length > 0,
    'runtime',
    'a name and a version',
    JSON.stringify(info.runtime),
  )
  check(info.formats.includes(file.format), 'formats of the device', `${file.format} among them`, info.formats.join(', '))
  checkJson(info, 'the description')
}

async function checkSameAgain(driver: DeviceDriver, context: DeviceContext, options: DeviceOptions): Promise<void> {
  const fingerprints: string[] = []
  for (let i = 0; i < 2; i++) {
    const device = await driver.open(choiceOf(options), context)
    fingerprints.push((await device.describe()).fingerprint)
    await device.close()
  }
  checkEqual(fingerprints[1], fingerprints[0], 'fingerprint of the device opened again')
}

/** The latency is the median of what the processes say of themselves, the spread theirs. */
async function checkBenchmark(device: Device, file: ModelFile): Promise<void> {
  const info = await device.describe()
  const measured = await device.benchmark(file, benchmark)
  checkEqual(measured.processes.length, benchmark.processes, 'number of processes')
  for (const timing of measured.processes) checkTiming(timing)
  const { latencyMs, spread, statistic } = summarize(measured.processes)
  checkEqual(measured.statistic, statistic, 'statistic: median where every process gives one, else mean')
  checkClose([measured.latencyMs], [latencyMs], 1e-9, `latencyMs, the median over the processes of their ${statistic}`)
  checkClose([measured.spread], [spread], 1e-9, `spread, (max − min) / median over the processes of their ${statistic}`)
  checkEqual(measured.stable, measured.spread <= benchmark.maxSpread && !measured.doubts?.length, 'stable')
  checkEqual(measured.flags, flagsOf(benchmark), 'flags in the measurement')
  checkEqual(measured.given, undefined, 'inputs that it says it was given')
  checkEqual(measured.fingerprint, info.fingerprint, 'fingerprint in the measurement')
  checkEqual(measured.runtime, info.runtime, 'runtime in the measurement')
  checkJson(measured, 'the measurement')
}

function checkTiming({ count, medianMs, meanMs, minMs, maxMs, stdMs, samplesMs }: ProcessTiming): void {
  check(count >= benchmark.runs, 'count of a process', `at least ${benchmark.runs} runs`, `${count}`)
  check(minMs > 0, 'minMs of a process', 'a positive number of milliseconds', `${minMs}`)
  for (const [name, value] of Object.entries({ meanMs, ...(medianMs !== null && { medianMs }) }))
    check(value >= minMs * (1 - 1e-9) && value <= maxMs * (1 + 1e-9), `${name} of a process`, `${minMs} to ${maxMs}`, `${value}`)
  check(stdMs >= 0, 'stdMs of a process', 'a number from 0', `${stdMs}`)
  if (!samplesMs) return
  const { samplesMs: _, ...expected } = timingOf(samplesMs)
  const received = { count, medianMs, meanMs, minMs, maxMs, stdMs }
  for (const [name, value] of Object.entries(expected))
    checkClose([Number(received[name as keyof typeof received])], [Number(value)], 1e-9, `${name} of a process, by its samples`)
}

async function checkAbort(driver: DeviceDriver, context: DeviceContext, file: ModelFile, options: DeviceOptions): Promise<void> {
  const controller = new AbortController()
  const device = await driver.open(choiceOf(options), { ...context, signal: controller.signal })
  let outcome = 'a measurement'
  try {
    controller.abort()
    await device.benchmark(file, benchmark)
  } catch {
    outcome = 'an error'
  } finally {
    await device.close()
  }
  checkEqual(outcome, 'an error', "benchmark() when the context's signal is aborted")
}
