import type { GraphNodeOf, Op } from '@mnas/core/contracts'
import { batchNorm } from './batch-norm.js'
import { add, divide, less, maximum, multiply, subtract } from './binary.js'
import { conv2d } from './conv2d.js'
import { dense } from './dense.js'
import { depthwiseConv2d } from './depthwise-conv2d.js'
import { dropout } from './dropout.js'
import type { Operator } from './operator.js'
import { averagePool, globalAveragePool, maxPool } from './pooling.js'
import { select } from './select.js'
import { batchSum, concat, constant, rank, reduceSum, reshape, stopGradient } from './shape.js'
import { logSoftmax, softmax } from './softmax.js'
import { abs, exp, log, relu, relu6, sigmoid, softplus } from './unary.js'

/** Every op of the Graph. A new op in the contract does not compile before it stands here. */
export const operators = {
  conv2d,
  depthwiseConv2d,
  dense,
  batchNorm,
  dropout,
  maxPool,
  averagePool,
  globalAveragePool,
  relu,
  relu6,
  sigmoid,
  softmax,
  logSoftmax,
  softplus,
  exp,
  log,
  abs,
  add,
  subtract,
  multiply,
  divide,
  maximum,
  less,
  select,
  concat,
  reshape,
  constant,
  reduceSum,
  batchSum,
  rank,
  stopGradient,
} satisfies { readonly [K in Op]: Operator<K> }

const byOp: { readonly [K in Op]: Operator<K> } = operators

export function operatorOf<K extends Op>(node: GraphNodeOf<K>): Operator<K> {
  return byOp[node.op]
}
