import type { FileOperator, FileTensor, Tensors } from '@mnas/core/contracts'
import type { MnasErrorRecord } from '@mnas/core/errors'

/** What to load: a process holds one model at a time. */
export interface LoadRequest {
  readonly kind: 'load'
  readonly file: string
  readonly threads: number
  /** Path of the native library; for runtimes that need one. */
  readonly library?: string
}

/** What a runtime asks of the process in which the model runs; each request gets one reply, in order. */
export type ModelRequest =
  | LoadRequest
  | { readonly kind: 'probe'; readonly library: string }
  | { readonly kind: 'describe'; readonly file: string }
  | { readonly kind: 'infer'; readonly inputs: Tensors }
  /** On these inputs in turn; on drawn ones where there are none. */
  | { readonly kind: 'time'; readonly runs: number; readonly inputs: readonly Tensors[] }
  /** Frees the model, so that another can be loaded. */
  | { readonly kind: 'unload' }

/** Numbers of each request kind's answer; `failed` carries a catalogue error as a record. */
export type ModelReply =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'probed' }
  | {
      readonly kind: 'described'
      readonly inputs: readonly FileTensor[]
      readonly outputs: readonly FileTensor[]
      readonly operators: readonly FileOperator[]
    }
  | { readonly kind: 'inferred'; readonly outputs: Tensors }
  | { readonly kind: 'timed'; readonly timesMs: readonly number[] }
  | { readonly kind: 'unloaded' }
  | { readonly kind: 'failed'; readonly error: MnasErrorRecord }

interface ReplyKinds {
  readonly load: 'loaded'
  readonly probe: 'probed'
  readonly describe: 'described'
  readonly infer: 'inferred'
  readonly time: 'timed'
  readonly unload: 'unloaded'
}
/** The reply to a kind of request, when it did not fail. */
export type ReplyTo<R extends ModelRequest> = Extract<ModelReply, { readonly kind: ReplyKinds[R['kind']] }>
