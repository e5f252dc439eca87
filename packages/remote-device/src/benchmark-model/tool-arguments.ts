import type { JsonObject } from '@mnas/core/contracts'
import type { AskedInput } from '../device/remote-tensors.js'
import type { Dialect } from './benchmark-report.js'

/** Where a model runs. */
export type Unit = 'cpu' | 'gpu' | 'nnapi' | 'npu'
export const units = ['cpu', 'gpu', 'nnapi', 'npu'] as const satisfies readonly Unit[]

/**
 * What a tool has a flag for. Of another flag it says that it was not consumed, and goes on without: on the CPU.
 * NNAPI is the old interface of Android; LiteRT has one of its own for an NPU.
 */
export const unitsOf: Readonly<Record<Dialect, readonly Unit[]>> = {
  classic: ['cpu', 'gpu', 'nnapi'],
  'compiled-model': ['cpu', 'gpu', 'npu'],
}

export function unitOf(flags: JsonObject): Unit {
  return units.find((unit) => unit === flags['delegate']) ?? 'cpu'
}

export interface ToolRun {
  readonly dialect: Dialect
  readonly graph: string
  readonly threads: number
  readonly runs: number
  /** Of the timed runs, in seconds: the tool ends by itself. */
  readonly maxSeconds: number
  readonly unit: Unit
}

/** nn-Meter's ten runs to get warm, and the tool's own half second. */
const warmUp = ['--warmup_runs=10', '--warmup_min_secs=0.5']

/** The tool's arguments for a timing. `min_secs` 0: as many runs as were asked for, not a second's worth. */
export function timingArguments(run: ToolRun): readonly string[] {
  return [
    ...commonArguments(run),
    `--num_runs=${run.runs}`,
    '--min_secs=0',
    `--max_secs=${run.maxSeconds}`,
    ...warmUp,
    '--report_peak_memory_footprint=true',
  ]
}

/** One run, with prepared weights that are kept in a file, or come from it. Both tools call the flag so; older builds do not have it. */
export function cachedArguments(run: ToolRun, cache: string): readonly string[] {
  return [
    ...commonArguments(run),
    ...['--num_runs=1', '--min_secs=0', '--warmup_runs=1', '--warmup_min_secs=0'],
    `--xnnpack_weight_cache_file_path=${cache}`,
  ]
}

export function profileArguments(run: ToolRun): readonly string[] {
  return [...commonArguments(run), `--num_runs=${run.runs}`, '--min_secs=0', ...warmUp, '--enable_op_profiling=true']
}

/** One inference on inputs of ours, whose outputs the tool writes into a file. Only the classic tool can. */
export function inferArguments(run: ToolRun, inputs: readonly AskedInput[], output: string): readonly string[] {
  return [
    ...commonArguments(run),
    ...['--num_runs=1', '--min_secs=0', '--warmup_runs=1', '--warmup_min_secs=0'],
    `--input_layer=${inputs.map(({ name }) => name).join(',')}`,
    `--input_layer_shape=${inputs.map(({ shape }) => shape.join(',')).join(':')}`,
    `--input_layer_value_files=${inputs.map(({ name, file }) => `${name.replaceAll(':', '::')}:${file}`).join(',')}`,
    `--output_filepath=${output}`,
  ]
}

function commonArguments({ dialect, graph, threads, unit }: ToolRun): readonly string[] {
  return [`--graph=${graph}`, `--num_threads=${threads}`, ...unitArguments(dialect, unit)]
}

/** Without `require_full_delegation` the tools add the CPU in silence; NNAPI has a CPU of its own, which old builds let in. */
function unitArguments(dialect: Dialect, unit: Unit): readonly string[] {
  if (unit === 'cpu') return dialect === 'classic' ? ['--use_xnnpack=true'] : ['--use_cpu=true']
  const others = dialect === 'classic' ? '--use_xnnpack=false' : '--use_cpu=false'
  const noCpuInside = unit === 'nnapi' ? ['--disable_nnapi_cpu=true'] : []
  return [`--use_${unit}=true`, others, ...noCpuInside, '--require_full_delegation=true']
}
