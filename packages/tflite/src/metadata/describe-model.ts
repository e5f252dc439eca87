import type { Fit, Graph, PostProcessing, Preprocessing, TensorSpec } from '@mnas/core/contracts'
import { hashBytes, hashJson } from '@mnas/core/files'
import { specsOf, takesPixels } from '@mnas/core/graph'
import type { TfliteModel } from '../flatbuffer/model.js'
import { describePostProcessed, groupsOf } from './describe-post-processing.js'
import { isRow, labelFileName } from './label-file.js'
import type { DescribedInput, DescribedOutput, ModelDescription } from './model-description.js'

/** What a file is to say of the model in it. */
export interface About {
  readonly name: string
  /** What the file computes, but for what stands behind it. */
  readonly graph: Graph
  readonly postProcessing: PostProcessing | undefined
  /** By class index; null, and none, where nobody has named the classes. */
  readonly labels: readonly string[] | null
  /** How a photo becomes the file's input: of all channels alike. */
  readonly preprocessing: Preprocessing
  readonly license: string | null
}

const versionDigits = 12

/**
 * What TFLITE_METADATA says of a model. Labels name what an output tells, or the numbers of the outputs that have one for each; where there is
 * neither, they stand alone.
 */
export function describeModel(model: TfliteModel, about: About): ModelDescription {
  const { name, graph, postProcessing, labels, preprocessing, license } = about
  const classes = labels !== null && labels.length > 0 ? labels.length : null
  const outputs = [
    ...(postProcessing ? describePostProcessed(postProcessing, classes !== null) : []),
    ...rawOutputs(graph, postProcessing?.reads ?? []).map((output) => describeOutput(output, classes)),
  ]
  const hasRows = rawOutputs(graph, []).some(({ spec }) => isRow(spec))
  return {
    name,
    description: 'Written by mnas.',
    version: versionOf(model),
    license,
    inputs: Object.entries(graph.inputs).map(([input, spec]) => describeInput(input, spec, preprocessing)),
    outputs,
    groups: postProcessing ? groupsOf(postProcessing) : [],
    files: classes !== null && !hasRows && !outputs.some(({ labelFile }) => labelFile) ? [labelFileName] : [],
  }
}

interface RawOutput {
  readonly name: string
  readonly spec: TensorSpec
}

/** Outputs of the graph that are the file's too. */
function rawOutputs(graph: Graph, read: readonly string[]): readonly RawOutput[] {
  const specs = specsOf(graph)
  const outputs = Object.entries(graph.outputs).filter(([name]) => !read.includes(name))
  return outputs.map(([name, id]) => ({ name, spec: specs.get(id)! }))
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
function describeOutput({ name, spec }: RawOutput, classes: number | null): DescribedOutput {
  const labelled = classes !== null && isRow(spec) && spec.shape[0] === classes
  return {
    name,
    description: labelled ? 'A number for each class.' : null,
    labelFile: labelled ? { name: labelFileName, of: 'axis' } : null,
    content: null,
  }
}
