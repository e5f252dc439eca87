/**
 * The schema of TFLITE_METADATA by number, as flatbuffer/schema.ts has that of the file itself. Source: metadata_schema.fbs of MediaPipe
 * (mediapipe/tasks/metadata), the same as TensorFlow Lite Support's.
 */
export const metadataIdentifier = 'M001'
/** The entry of the file's own metadata table that holds it. */
export const metadataEntry = 'TFLITE_METADATA'
/** The oldest parser that knows all fields that are written here; groups came later. */
export const minParserVersion = { plain: '1.0.0', groups: '1.2.0' } as const

export const metadataSlots = {
  model: { name: 0, description: 1, version: 2, subgraphs: 3, license: 5, files: 6, minParserVersion: 7 },
  subgraph: { inputs: 2, outputs: 3, outputGroups: 8 },
  group: { name: 0, tensors: 1 },
  tensor: { name: 0, description: 1, content: 3, processUnits: 4, files: 6 },
  /** Of a union: its tag, then its table. */
  content: { type: 0, properties: 1 },
  image: { colorSpace: 0 },
  boundingBox: { index: 0, type: 1 },
  processUnit: { type: 0, options: 1 },
  normalization: { mean: 0, std: 1 },
  file: { name: 0, description: 1, type: 2 },
} as const

export const contentType = { feature: 1, image: 2, boundingBox: 3 } as const
export const processUnitType = { normalization: 1 } as const
export const colorSpace = { rgb: 1 } as const
/** Coordinates are shares of the input: the default, left out. */
export const boundingBoxType = { boundaries: 1 } as const
/** What an associated file is: named by what its lines name, positions along an axis or values. */
export const fileType = { unknown: 0, axisLabels: 2, valueLabels: 3 } as const
