import type { Graph, ObjectiveGraph } from './graph.js'
import type { TensorSpec, Tensors } from './tensor.js'

export type Optimizer = {
  readonly weightDecay: number /** Keep a moving average (EMA) of all weights, running statistics included. */
  readonly average: boolean
} & (
  | { readonly kind: 'sgd'; readonly momentum: number; readonly nesterov?: boolean }
  | { readonly kind: 'rmsprop'; readonly decay: number; readonly momentum: number; readonly epsilon: number }
)

/** Probed once, recorded in the run, given back on resume: bits repeat only under the same plan. */
export interface ExecutionPlan {
  readonly engine: string
  readonly mode: 'standard' | 'fast'
  readonly accelerator: string
  readonly threads: number
}

/** How a training should run, as settings say it; its engine makes a plan of it. */
export interface PlanWish {
  readonly engine: string
  /** "auto" = as the engine chooses. */
  readonly accelerator: string
  /** 0 = as many as the processor has. */
  readonly threads: number
}

export interface TrainingRequest {
  readonly model: Graph
  readonly objective: ObjectiveGraph
  readonly optimizer: Optimizer
  readonly batchSize: number
  /** new = momentum · old + (1 − momentum) · batch; variance with M/(M − 1). */
  readonly batchNormMomentum: number
  /** Parameter names that the optimizer leaves alone. */
  readonly frozen: readonly string[]
  /** What the learning rate is multiplied by, above 0, for parameters by name; 1 for all others. */
  readonly rates?: Readonly<Record<string, number>>
  readonly plan: ExecutionPlan
}

export interface InferenceRequest {
  readonly model: Graph
  readonly objective?: ObjectiveGraph
  /** Node ids whose values `run` returns besides the outputs, by node id. */
  readonly nodes?: readonly string[]
  readonly batchSize: number
  readonly plan: ExecutionPlan
}

/** Bytes, estimated. */
export interface TrainingMemory {
  /** Weights, slots and averages, and the compiled sessions. */
  readonly sessionBytes: number
  /** Of every step, whatever the batch: gradients. */
  readonly stepBytes: number
  /** Once, when gradients are accumulated over several steps. */
  readonly accumulationBytes: number
  /** Of a step, for each example of its batch. */
  readonly exampleBytes: number
}

/** A way to differentiate model + objective and to step. Sessions are independent; close() frees native memory. */
export interface TrainingEngine {
  readonly name: string
  /** What `plan` takes as accelerator besides "auto", whether it is there or not; for help, `mnas doctor` and errors. */
  readonly accelerators?: readonly string[]
  /** Fills the wish with what this machine can do. @throws MNAS_ENGINE_ACCELERATOR for one that is not there, saying how to get it */
  plan(wish: Partial<ExecutionPlan>, model: Graph, batchSize: number): Promise<ExecutionPlan>
  /** What a person should know before a training under this plan (how slow it will be, what would help), or null. Printed as a warning. */
  describePlan?(plan: ExecutionPlan, model: Graph): Promise<string | null>
  /**
   * What a training takes beyond its process, by the shapes alone; for the batch to advise when memory runs out. Null for a device whose memory
   * is not this computer's.
   */
  memory?(request: Pick<TrainingRequest, 'model' | 'optimizer' | 'plan'>): TrainingMemory | null
  /** @throws MNAS_ENGINE_NO_GRADIENT when an op without a gradient lies on the path from a parameter to `loss` */
  compile(request: TrainingRequest): Promise<TrainingSession>
  compileInference(request: InferenceRequest): Promise<InferenceSession>
}

/** Owns weights, slots, running statistics and their average; only step, load and restore change them. */
export interface TrainingSession {
  /** Dropout masks (0 or 1/(1 − rate)) that the training loop fills from (seed, step, name). Named by dropout node id. */
  readonly randomInputs: Readonly<Record<string, TensorSpec & { readonly rate: number }>>
  /**
   * Forward, backward and, unless apply is false (gradient accumulation: the gradients of this and the following steps are averaged at the
   * next applied one), one update. The moving average is updated inside the step, after the weights, running statistics included.
   * @param inputs model inputs, objective targets and random inputs, by name
   * @returns the objective's unbatched outputs, `loss` among them (without the L2 penalty)
   */
  step(
    inputs: Tensors,
    scalars: { readonly learningRate: number; readonly averageDecay: number },
    apply?: boolean,
  ): Promise<Readonly<Record<string, number>>>
  weights(which: 'raw' | 'average'): Promise<Tensors>
  /** Sets weights and running statistics (all of them), zeroes the slots (RMSProp's mean square to 1) and sets the average to the weights. */
  load(weights: Tensors): Promise<void>
  /** Named `weight/…`, `slot/…`, `average/…` by parameter, so that it also fits the same blocks at another input size. Bit-exact. */
  state(): Promise<Tensors>
  restore(state: Tensors): Promise<void>
  close(): Promise<void>
}

/** The graph's inference meaning on weights handed to it; never touches a TrainingSession. */
export interface InferenceSession {
  load(weights: Tensors): Promise<void>
  /** Model outputs (and `nodes`) per example, objective outputs per batch; the caller drops padded rows. */
  run(inputs: Tensors): Promise<Tensors>
  /**
   * Mean and M/(M − 1) variance of each batchNorm's input in a training-mode forward (dropout off), named `${node}.movingMean` and
   * `${node}.movingVariance`; core averages them over full batches.
   */
  batchStatistics(inputs: Tensors): Promise<Tensors>
  close(): Promise<void>
}
