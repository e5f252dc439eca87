/**
 * The TFLite schema (version 3) by number: slots of the tables, codes of ops, tags of option unions. FlatBuffers needs no more than these,
 * so there is no generated code. Source: tensorflow/compiler/mlir/lite/schema/schema.fbs.
 */
export const schemaVersion = 3
export const fileIdentifier = 'TFL3'
/** XNNPACK and the interpreter read weights in place: each buffer starts at a multiple of this. */
export const bufferAlignment = 16

export const slots = {
  model: {
    version: 0,
    operatorCodes: 1,
    subgraphs: 2,
    description: 3,
    buffers: 4,
    metadata: 6,
    signatures: 7,
  },
  operatorCode: { deprecatedCode: 0, customCode: 1, version: 2, code: 3 },
  subgraph: { tensors: 0, inputs: 1, outputs: 2, operators: 3, name: 4 },
  buffer: { data: 0 },
  tensor: { shape: 0, type: 1, buffer: 2, name: 3, quantization: 4, isVariable: 5, shapeSignature: 7, hasRank: 8 },
  quantization: { scale: 2, zeroPoint: 3, axis: 6 },
  operator: { code: 0, inputs: 1, outputs: 2, optionsType: 3, options: 4, customOptions: 5 },
  metadata: { name: 0, buffer: 1 },
  signature: { inputs: 0, outputs: 1, key: 2, subgraph: 4 },
  tensorMap: { name: 0, tensor: 1 },
} as const

/** An op code below 127 stands in the old 8-bit field too, this one where it does not fit. */
export const largestDeprecatedCode = 127

export const tensorType = { float32: 0, float16: 1, int32: 2, uint8: 3, bool: 6, int8: 9 } as const
export type TensorType = keyof typeof tensorType

export const builtin = {
  ADD: 0,
  AVERAGE_POOL_2D: 1,
  CONCATENATION: 2,
  CONV_2D: 3,
  DEPTHWISE_CONV_2D: 4,
  DEQUANTIZE: 6,
  FULLY_CONNECTED: 9,
  LOGISTIC: 14,
  MAX_POOL_2D: 17,
  MUL: 18,
  RELU: 19,
  RELU6: 21,
  RESHAPE: 22,
  SOFTMAX: 25,
  CUSTOM: 32,
  PAD: 34,
  MEAN: 40,
  SUB: 41,
  DIV: 42,
  EXP: 47,
  LOG_SOFTMAX: 50,
  CAST: 53,
  MAXIMUM: 55,
  LESS: 58,
  NEG: 59,
  PADV2: 60,
  NOT_EQUAL: 72,
  LOG: 73,
  SUM: 74,
  ABS: 101,
  QUANTIZE: 114,
  SELECT_V2: 123,
} as const
export type Builtin = keyof typeof builtin

export const paddingScheme = { same: 0, valid: 1 } as const
export type PaddingScheme = keyof typeof paddingScheme

export const fusedActivation = { none: 0, relu: 1, relu6: 3 } as const
export type Activation = keyof typeof fusedActivation
