import type { Builtin } from '../flatbuffer/schema.js'

/**
 * How an operator computes in 8-bit integers:
 *   layer  has weights; its output has levels of its own
 *   own    its output has levels of its own
 *   same   moves values or compares them: its output has the levels of its first input
 */
export interface IntegerForm {
  readonly kind: 'layer' | 'own' | 'same'
  /** As the official converter sets it. */
  readonly version: number
}

/**
 * The operators that have an integer form. SOFTMAX has one and stays in float32: its 256 levels round every probability below 1/256 to 0, and
 * one operator at the end costs nothing. What is not here computes in float32 between a DEQUANTIZE and a QUANTIZE.
 */
export const integerForms: Partial<Record<Builtin, IntegerForm>> = {
  CONV_2D: { kind: 'layer', version: 3 },
  DEPTHWISE_CONV_2D: { kind: 'layer', version: 3 },
  FULLY_CONNECTED: { kind: 'layer', version: 4 },
  ADD: { kind: 'own', version: 2 },
  MUL: { kind: 'own', version: 2 },
  MEAN: { kind: 'own', version: 2 },
  RELU: { kind: 'own', version: 2 },
  RELU6: { kind: 'own', version: 2 },
  LOGISTIC: { kind: 'own', version: 2 },
  PAD: { kind: 'same', version: 2 },
  RESHAPE: { kind: 'same', version: 1 },
  AVERAGE_POOL_2D: { kind: 'same', version: 2 },
  MAX_POOL_2D: { kind: 'same', version: 2 },
}

/** Their output lies in 0–1, and LiteRT lets it have no other levels than those. */
export const fractions: ReadonlySet<Builtin> = new Set(['LOGISTIC', 'SOFTMAX'])

/** Versions of what stands between integers and floats, or integers of other levels. */
export const versions = { quantize: 1, dequantize: 2 } as const
