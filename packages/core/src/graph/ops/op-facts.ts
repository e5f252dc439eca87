import type { Initializer, Op, OpAttributes, ParameterRoleOf } from '../../contracts/index.js'

/** A parameter of an op. */
export interface ParameterFacts {
  readonly shape: readonly number[]
  /** Where a node says no other. */
  readonly initializer: Initializer
}

/** Multiply-adds by how runtimes do them: products of matrices, convolutions over several pixels, one filter per channel. */
export type MacKind = 'pointwise' | 'spatial' | 'depthwise'

export interface Macs {
  readonly kind: MacKind
  /** For each value of the output. */
  readonly perValue: number
}

/**
 * What there is to know of an op besides its shape (infer-spec.ts) and how to compute it, which engines and exporters know.
 * `channels` is the length of the last axis of its first operand.
 */
export interface OpFacts<K extends Op> {
  /** In the order in which a graph lists them; null where the attributes leave one out. */
  parameters(attributes: OpAttributes[K], channels: number): { readonly [R in ParameterRoleOf<K>]: ParameterFacts | null }
  /** Null for an op whose work is no product: it costs time and no multiply-adds. */
  macs(attributes: OpAttributes[K], channels: number): Macs | null
  /**
   * In inference it is
   * - `computed`: every exporter writes it
   * - `identity`: its operand
   * - `absent`: in no deployed model, for it compares examples or places; exporters refuse it
   */
  readonly inference: 'computed' | 'identity' | 'absent'
  /** Through which operands a gradient goes; through `none` where it is 0 or undefined: it ends there without an error. */
  readonly gradient: 'all' | 'behindMask' | 'none'
  /** A scale and a shift per output channel behind it fold into its kernel, whose first axis is that channel, and its bias. */
  readonly linear: boolean
  /** Formats can have a relu or relu6 of its value in the same operator. */
  readonly activatable: boolean
  /** A runtime spends nothing on it: exporters fold, fuse, store or leave it out, and a reshape moves no value. */
  readonly free: boolean
}

/** An op that computes and has nothing else to it. */
const plain = {
  parameters: () => ({}),
  macs: () => null,
  inference: 'computed',
  gradient: 'all',
  linear: false,
  activatable: false,
  free: false,
} as const
const free = { ...plain, free: true } as const
/** Elementwise arithmetic. */
const arithmetic = { ...plain, activatable: true } as const
const withKernel = { ...plain, linear: true, activatable: true } as const

/** He initialisation by fan-out (He et al. 2015), by which MnasNet's authors draw convolutions; dense kernels they draw from U(±1/√units). */
const heNormal = (fanOut: number): Initializer => ({ kind: 'normal', stddev: Math.sqrt(2 / fanOut) })
const filled = (kind: 'zeros' | 'ones', length: number): ParameterFacts => ({ shape: [length], initializer: { kind } })
const biasOf = (present: boolean, length: number) => (present ? filled('zeros', length) : null)
const area = ([height, width]: readonly [number, number]): number => height * width

const facts = {
  conv2d: {
    ...withKernel,
    parameters({ kernel, filters, bias }, channels) {
      const initializer = heNormal(area(kernel) * filters)
      return { kernel: { shape: [filters, channels, ...kernel], initializer }, bias: biasOf(bias, filters) }
    },
    macs: ({ kernel }, channels) => ({
      kind: area(kernel) === 1 ? 'pointwise' : 'spatial',
      perValue: area(kernel) * channels,
    }),
  },
  depthwiseConv2d: {
    ...withKernel,
    parameters({ kernel, bias }, channels) {
      return {
        kernel: { shape: [channels, 1, ...kernel], initializer: heNormal(area(kernel)) },
        bias: biasOf(bias, channels),
      }
    },
    macs: ({ kernel }) => ({ kind: 'depthwise', perValue: area(kernel) }),
  },
  dense: {
    ...withKernel,
    parameters({ units, bias }, channels) {
      const initializer: Initializer = { kind: 'uniform', limit: 1 / Math.sqrt(units) }
      return { kernel: { shape: [units, channels], initializer }, bias: biasOf(bias, units) }
    },
    macs: (_attributes, channels) => ({ kind: 'pointwise', perValue: channels }),
  },
  batchNorm: {
    ...free,
    activatable: true,
    parameters: (_attributes, channels) => ({
      gamma: filled('ones', channels),
      beta: filled('zeros', channels),
      movingMean: filled('zeros', channels),
      movingVariance: filled('ones', channels),
    }),
  },
  dropout: { ...free, inference: 'identity' },
  maxPool: plain,
  averagePool: plain,
  globalAveragePool: plain,
  relu: free,
  relu6: free,
  sigmoid: plain,
  softmax: plain,
  logSoftmax: plain,
  softplus: plain,
  exp: plain,
  log: plain,
  abs: plain,
  add: arithmetic,
  subtract: arithmetic,
  multiply: arithmetic,
  divide: arithmetic,
  maximum: plain,
  less: { ...plain, gradient: 'none' },
  select: { ...plain, gradient: 'behindMask' },
  concat: plain,
  reshape: free,
  constant: { ...free, gradient: 'none' },
  reduceSum: plain,
  batchSum: { ...plain, inference: 'absent' },
  rank: { ...plain, inference: 'absent', gradient: 'none' },
  stopGradient: { ...free, inference: 'identity', gradient: 'none' },
} satisfies { readonly [K in Op]: OpFacts<K> }

/** The ops that an exporter writes. A table closed over them does not compile before a new one stands in it. */
export type InferenceOp = { [K in Op]: (typeof facts)[K]['inference'] extends 'computed' ? K : never }[Op]

/** The facts of every op. A new op in the contract does not compile before it stands here. */
export const opFacts: { readonly [K in Op]: OpFacts<K> } = facts

export const ops = Object.keys(facts) as readonly Op[]

/** Those of a deployed model, written or replaced by their operand: what an exporter of every `InferenceOp` takes. */
export const exportableOps: readonly Op[] = ops.filter((op) => opFacts[op].inference !== 'absent')
