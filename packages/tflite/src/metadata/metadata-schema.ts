/**
 * The schema of TFLITE_METADATA by number, as flatbuffer/schema.ts has that of the file itself. Source: metadata_schema.fbs of MediaPipe
 * (mediapipe/tasks/metadata), the same as TensorFlow Lite Support's.
 */
export const metadataIdentifier = 'M001'
/** The entry of the file's own metadata table that holds it. */
export const metadataEntry = 'TFLITE_METADATA'
/** The oldest parser that knows all fields that are written here. */
export const minParserVersion = '1.0.0'

export const metadataSlots = {
  model: { name: 0, description: 1, version: 2, subgraphs: 3, license: 5, files: 6, minParserVersion: 7 },
  subgraph: { inputs: 2, outputs: 3 },
  tensor: { name: 0, description: 1, content: 3, processUnits: 4, files: 6 },
  /** Of a union: its tag, then its table. */
  content: { type: 0, properties: 1 },
  image: { colorSpace: 0 },
  processUnit: { type: 0, options: 1 },
  normalization: { mean: 0, std: 1 },
  file: { name: 0, description: 1, type: 2 },
} as const

export const contentType = { image: 2 } as const
export const processUnitType = { normalization: 1 } as const
export const colorSpace = { rgb: 1 } as const
/** What an associated file is: named by the axis that its lines name. */
export const fileType = { unknown: 0, axisLabels: 2 } as const
