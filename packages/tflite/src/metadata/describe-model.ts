import type { Fit, Graph, Preprocessing, TensorSpec } from '@mnas/core/contracts'
import { hashBytes, hashJson } from '@mnas/core/files'
import { specsOf, takesPixels } from '@mnas/core/graph'
import type { TfliteModel } from '../flatbuffer/model.js'
import { isRow, labelFileName } from './label-file.js'
import type { DescribedInput, DescribedOutput, ModelDescription } from './model-description.js'

/** What a file is to say of the model in it. */
export interface About {
  readonly name: string
  /** What the file computes. */
  readonly graph: Graph
  /** By class index; null, and none, where nobody has named the classes. */
  readonly labels: readonly string[] | null
  /** How a photo becomes the file's input: of all channels alike. */
  readonly preprocessing: Preprocessing
  readonly license: string | null
}

const versionDigits = 12

/** What TFLITE_METADATA says of a model. Labels name the numbers of the outputs that have one for each; where no output is a row, they stand alone. */
export function describeModel(model: TfliteModel, about: About): ModelDescription {
  const { name, graph, labels, preprocessing, license } = about
  const specs = specsOf(graph)
  const outputs = Object.entries(graph.outputs).map(([output, id]) => ({ name: output, spec: specs.get(id)! }))
  const classes = labels !== null && labels.length > 0 ? labels.length : null
  return {
    name,
    description: 'Written by mnas.',
    version: versionOf(model),
    license,
    inputs: Object.entries(graph.inputs).map(([input, spec]) => describeInput(input, spec, preprocessing)),
    outputs: outputs.map((output) => describeOutput(output, classes)),
    files: classes !== null && !outputs.some(({ spec }) => isRow(spec)) ? [labelFileName] : [],
  }
}

/** Another one whenever the numbers in the file are others. */
function versionOf({ buffers }: TfliteModel): string {
  return hashJson(buffers.map((bytes) => hashBytes(bytes))).slice(0, versionDigits)
}

function describeInput(name: string, spec: TensorSpec, { mean: [mean], std: [std], fit }: Preprocessing): DescribedInput {
  if (!takesPixels(spec)) return { name, description: null, pixels: null }
  const [height, width] = spec.shape
  const values = `(pixel − ${mean}) / ${std}, red, green and blue of 0 to 255`
  return { name, description: `${fitInWords(fit)}, scaled to ${width} × ${height}: ${values}.`, pixels: { mean, std } }
}

function fitInWords(fit: Fit): string {
  switch (fit.kind) {
    case 'crop':
      return `The square in the middle of an upright photo, ${fit.fraction} of its short side`
    case 'stretch':
      return 'An upright photo, whole'
    case 'letterbox':
      return `An upright photo, whole, in the middle of a square filled with rgb(${fit.fill.join(', ')})`
    default:
      return fit satisfies never
  }
}

/** @param classes how many labels there are; null: none */
function describeOutput(
  { name, spec }: { readonly name: string; readonly spec: TensorSpec },
  classes: number | null,
): DescribedOutput {
  const labelled = classes !== null && isRow(spec) && spec.shape[0] === classes
  return { name, description: labelled ? 'A number for each class.' : null, labelFile: labelled ? labelFileName : null }
}
