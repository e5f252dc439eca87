import type { GraphNodeOf, Op } from '@mnas/core/contracts'
import { batchNorm } from './batch-norm.js'
import { dense } from './dense.js'
import { add, divide, less, maximum, multiply, subtract } from './elementwise/binary.js'
import { dropout } from './elementwise/dropout.js'
import { select } from './elementwise/select.js'
import { abs, exp, log, relu, relu6, sigmoid, softplus } from './elementwise/unary.js'
import type { Operator } from './operator.js'
import { batchSum, concat, constant, rank, reduceSum, reshape, stopGradient } from './shape.js'
import { logSoftmax, softmax } from './softmax.js'
import { conv2d } from './windows/conv2d.js'
import { depthwiseConv2d } from './windows/depthwise-conv2d.js'
import { averagePool, globalAveragePool, maxPool } from './windows/pooling.js'

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
