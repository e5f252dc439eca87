import { copyFile, readFile, stat, writeFile } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DType, FileTensor, ModelRuntime, RunnableFile, Surroundings, Tensor, Tensors } from '@mnas/core/contracts'
import type { Dialect } from '@mnas/remote-device'
import type { Faults } from '../faults.js'
import { damage } from './damage.js'
import type { ServeTool } from './tool-service.js'
import { classicText, compiledModelText, type Measured, profileText } from './tool-text.js'
import { unitLines } from './unit-lines.js'

export interface ToolMachine {
  readonly runtime: ModelRuntime
  readonly faults: Faults
  readonly around: Omit<Surroundings, 'signal'>
  /** Says instead of measuring that every run took so long. For tests of what happens around a measurement. */
  readonly fixedMs: number | null
  /** Called when a run has begun to speak, and when a timed run is over. */
  onRun(when: 'begun' | 'ended'): void
}

interface Asked {
  readonly dialect: Dialect
  readonly file: RunnableFile
  readonly flags: ReadonlyMap<string, string>
}

/** The tool of the software phone: real LiteRT behind the words of benchmark_model. */
export function benchmarkModel(machine: ToolMachine): ServeTool {
  let processes = 0
  return async ({ dialect, words }, say, signal) => {
    const flags = new Map(words.map((word) => /^--([^=]+)(?:=(.*))?$/s.exec(word)?.slice(1) ?? [word, '']) as [string, string][])
    const info = (text: string) => say({ out: `${prefixOf(dialect)}${text}\n` })
    const fail = (text: string) => {
      say({ err: `ERROR: ${text}\n` })
      return 1
    }
    const graph = flags.get('graph')
    if (!graph) return fail('Please specify the name of your TF Lite input file with --graph')
    const asked: Asked = { dialect, file: { path: graph, format: 'tflite' }, flags }
    info('STARTING!')
    info(`Num threads: [${flags.get('num_threads') ?? 1}]`)
    info(`Graph: [${graph}]`)
    const unit = unitLines(flags, dialect, machine.faults)
    for (const { text, error } of unit.lines) say(error ? { err: `${text}\n` } : { out: `${prefixOf(dialect)}${text}\n` })
    if (unit.failure !== null) return fail(unit.failure)
    info(`Loaded model ${graph}`)
    machine.onRun('begun')
    if (machine.faults.take('hang', 1)) await sleep(2 ** 30, undefined, { signal })
    if (flags.has('output_filepath')) return infer(machine, asked, signal)
    if (flags.has(cacheFlag) && machine.faults.has('no-cache')) info(`WARN: Unconsumed cmdline flags: --${cacheFlag}`)
    const measured = await withPreparedWeights(machine, asked, await measure(machine, asked, processes++, signal))
    if (flags.get('enable_op_profiling') === 'true')
      for (const text of profileText(measured.samplesMs, 'output')) say({ out: `${text}\n` })
    const lines = dialect === 'classic' ? classicText(measured) : compiledModelText(measured)
    for (const line of damage(
      lines.map((text) => `${prefixOf(dialect)}${text}\n`),
      machine.faults,
    ))
      say(line)
    machine.onRun('ended')
    return 0
  }
}

const prefixOf = (dialect: Dialect) => (dialect === 'classic' ? 'INFO: ' : 'INFO: [benchmark_litert_model.h:73] ')

/** Fresh process, load, one run to get warm, and the runs that were asked for. */
async function measure(machine: ToolMachine, { file, flags }: Asked, process: number, signal: AbortSignal): Promise<Measured> {
  const { runtime, around, fixedMs } = machine
  const runs = Math.max(1, Number(flags.get('num_runs') ?? 50))
  const threads = Number(flags.get('num_threads') ?? 1)
  const startedAt = performance.now()
  if (fixedMs !== null) await runtime.describe(file, { ...around, signal })
  const times =
    fixedMs === null
      ? await runtime.timeMs(file, { threads, runs: runs + 1, flags: {} }, { ...around, signal })
      : Array<number>(runs + 1).fill(fixedMs)
  const [firstMs = 0, ...samplesMs] = times.map((time) => time * slowness(machine.faults, process))
  const initMs = Math.max(0.001, performance.now() - startedAt - times.reduce((sum, time) => sum + time, 0))
  return { initMs, firstMs, samplesMs, peakBytes: 2 ** 23 }
}

const cacheFlag = 'xnnpack_weight_cache_file_path'

/** The runtime here prepares weights each time; a load that finds them prepared is said to have taken half of that. */
async function withPreparedWeights({ faults }: ToolMachine, { flags, file }: Asked, measured: Measured): Promise<Measured> {
  const cache = flags.get(cacheFlag)
  if (!cache || faults.has('no-cache')) return measured
  const prepared = await stat(cache).catch(() => null)
  if (prepared) return { ...measured, initMs: measured.initMs / 2 }
  await copyFile(file.path, cache)
  return measured
}

/** What the faults make of a time. */
function slowness(faults: Faults, process: number): number {
  const noise = faults.has('noisy') && process % 2 === 1 ? 4 / 3 : 1
  const drift = faults.has('drift') ? 1 + 0.1 * Math.min(process, faults.number('drift') ?? Number.POSITIVE_INFINITY) : 1
  return noise * drift
}

/** Reads the inputs that were given as files, and writes the bytes of all outputs behind each other. */
async function infer({ runtime, around, faults }: ToolMachine, { file, flags }: Asked, signal: AbortSignal): Promise<number> {
  const { inputs, outputs } = await runtime.describe(file, { ...around, signal })
  const files = new Map(
    (flags.get('input_layer_value_files') ?? '').split(/,/).map((item) => {
      const [name, path] = splitOnce(item.replaceAll('::', '\0'))
      return [name.replaceAll('\0', ':'), path] as const
    }),
  )
  const read = async (input: FileTensor): Promise<readonly [string, Tensor]> => [
    input.name,
    tensorOf(input, await readFile(files.get(input.name) ?? '')),
  ]
  const fed: Tensors = Object.fromEntries(await Promise.all(inputs.map(read)))
  const one = async function* () {
    yield fed
  }
  for await (const answers of runtime.run(file, one(), { ...around, signal })) {
    const off = faults.has('gpu-answers') && flags.get('use_gpu') === 'true'
    const bytes = outputs.map(({ name }) => bytesOf(answers[name], off))
    await writeFile(flags.get('output_filepath') ?? '', Buffer.concat(bytes))
  }
  return 0
}

function splitOnce(item: string): readonly [string, string] {
  const at = item.indexOf(':')
  return [item.slice(0, at), item.slice(at + 1)]
}

function tensorOf({ dtype, shape: declared, name }: FileTensor, bytes: Buffer): Tensor {
  const shape = declared.map((size) => (size < 0 ? 1 : size))
  const buffer = new Uint8Array(bytes).buffer
  const data: Partial<Record<string, Tensor['data']>> = {
    ...(dtype === 'float32' && { float32: new Float32Array(buffer) }),
    ...(dtype === 'uint8' && { uint8: new Uint8Array(buffer) }),
    ...(dtype === 'int8' && { int8: new Int8Array(buffer) }),
    ...(dtype === 'int32' && { int32: new Int32Array(buffer) }),
  }
  const values = data[dtype]
  if (!values) throw new Error(`cannot feed ${name}: ${dtype}`)
  return { dtype: dtype as DType, shape, data: values }
}

/** @param off whether every value is to be wrong by a fifth */
function bytesOf(tensor: Tensor | undefined, off: boolean): Buffer {
  if (!tensor) throw new Error('an output is missing')
  const data = off ? tensor.data.map((value) => value * 0.8) : tensor.data
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}
