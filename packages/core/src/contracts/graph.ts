import type { TensorSpec } from './tensor.js'

/** [top, bottom, left, right] */
export type Padding = readonly [top: number, bottom: number, left: number, right: number]

/** Padding in numbers: `same` and `symmetric` exist only in the Architecture. averagePool does not count padding. */
export interface Window {
  readonly kernel: readonly [height: number, width: number]
  readonly strides: readonly [vertical: number, horizontal: number]
  readonly padding: Padding
}

export type None = Readonly<Record<string, never>>

/** The closed union of ops, each with its attributes. Mode-free: batchNorm and dropout have a training and an inference meaning. */
export interface OpAttributes {
  readonly conv2d: Window & { readonly filters: number; readonly bias: boolean }
  readonly depthwiseConv2d: Window & { readonly bias: boolean }
  readonly dense: { readonly units: number; readonly bias: boolean }
  readonly batchNorm: { readonly epsilon: number }
  readonly dropout: { readonly rate: number }
  readonly maxPool: Window
  readonly averagePool: Window
  readonly globalAveragePool: { readonly keepDims: boolean }
  readonly relu: None
  readonly relu6: None
  readonly sigmoid: None
  readonly softmax: None
  readonly logSoftmax: None
  readonly softplus: None
  readonly exp: None
  readonly log: None
  readonly abs: None
  readonly add: None
  readonly subtract: None
  readonly multiply: None
  readonly divide: None
  readonly maximum: None
  /** less(a, b): 1 where a < b, else 0. No gradient. */
  readonly less: None
  /** select(mask, a, b): a where mask is not 0, else b. */
  readonly select: None
  /** Axis of the per-example shape (0 = the first axis after the batch). */
  readonly concat: { readonly axis: number }
  /** The new per-example shape. */
  readonly reshape: { readonly shape: readonly number[] }
  readonly constant: { readonly values: readonly number[] }
  /** Axes of the per-example shape. */
  readonly reduceSum: { readonly axes: readonly number[]; readonly keepDims: boolean }
  /** Batched → unbatched; with batchNorm the only op across examples. */
  readonly batchSum: None
  /** Place in descending order along the last axis (0 = largest), ties by index, as float32. No gradient. */
  readonly rank: None
  readonly stopGradient: None
}
export type Op = keyof OpAttributes

/** The ops that have parameters, and which. */
export interface OpParameters {
  readonly conv2d: 'kernel' | 'bias'
  readonly depthwiseConv2d: 'kernel' | 'bias'
  readonly dense: 'kernel' | 'bias'
  readonly batchNorm: 'gamma' | 'beta' | 'movingMean' | 'movingVariance'
}
export type ParameterRole = OpParameters[keyof OpParameters]
/** The parameters of one op; never for an op that has none. */
export type ParameterRoleOf<K extends Op> = K extends keyof OpParameters ? OpParameters[K] : never

/**
 * Where a parameter's values start.
 * `truncatedNormal` is N(0, stddev) without the values beyond two stddev, as TensorFlow draws it; `uniform` lies in ±limit.
 */
export type Initializer =
  | { readonly kind: 'zeros' | 'ones' }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'normal' | 'truncatedNormal'; readonly stddev: number }
  | { readonly kind: 'uniform'; readonly limit: number }

/** Start values of a node's parameters; of what is left out the op says them (graph/ops/op-facts.ts). */
export type Initializers<R extends ParameterRole = ParameterRole> = { readonly [Role in R]?: Initializer }

/** Where a node comes from, so that a head can tap "expansion of the first layer of the last stride-32 block". */
export interface Origin {
  readonly block: number | 'stem' | 'head' | 'objective'
  readonly layer: number
  readonly role: string
}

export type GraphNodeOf<K extends Op> = TensorSpec & {
  readonly id: string
  readonly op: K
  /** Earlier nodes or graph inputs. */
  readonly inputs: readonly string[]
  readonly attributes: OpAttributes[K]
  readonly origin: Origin
  /** Only where they differ from its op's; no part of a structure's identity. */
  readonly initializers?: Initializers
}
/** One output per node; elementwise ops broadcast from the right, unbatched to batched. */
export type GraphNode = { [K in Op]: GraphNodeOf<K> }[Op]

/** Layer-level IR. Nodes stand in an order in which every input comes before its reader. */
export interface Graph {
  readonly inputs: Readonly<Record<string, TensorSpec>>
  readonly nodes: readonly GraphNode[]
  /** Output name → node id (or graph input). */
  readonly outputs: Readonly<Record<string, string>>
}

/**
 * A graph whose inputs are model outputs (bound by name) and targets, with unbatched outputs, `loss` among them.
 * Rows whose target `weight` is 0 count nothing.
 */
export type ObjectiveGraph = Graph

export interface Parameter extends TensorSpec {
  /** `${node}.${role}` */
  readonly name: string
  readonly node: string
  readonly role: ParameterRole
  readonly initializer: Initializer
  /** Part of the L2 penalty: everything but batch-norm parameters. */
  readonly decayed: boolean
  /** A running statistic: written by the forward pass, not by the optimizer. */
  readonly statistic: boolean
}

/** parameters: trainable ones; macs: multiply-adds of conv, depthwise and dense for one example; peakMemoryBytes: float32 activations. */
export interface Costs {
  readonly parameters: number
  readonly macs: number
  readonly peakMemoryBytes: number
}
