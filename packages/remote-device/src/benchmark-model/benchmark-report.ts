import type { ProcessTiming } from '@mnas/core/contracts'

/** Two programs are called benchmark_model: TensorFlow Lite's, on the interpreter, and LiteRT's, on its CompiledModel. */
export type Dialect = 'classic' | 'compiled-model'

/** How much of a model a delegate took. */
export interface DelegateUse {
  /** As the tool calls it: GPU, NNAPI, XNNPACK. */
  readonly name: string
  readonly extent: 'whole' | 'partial' | 'none'
}

/** What one run of the tool said. */
export interface BenchmarkReport {
  readonly dialect: Dialect
  readonly timing: ProcessTiming
  readonly delegates: readonly DelegateUse[]
}
