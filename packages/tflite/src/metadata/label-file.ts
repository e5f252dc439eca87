import type { Graph, PostProcessing, TensorSpec } from '@mnas/core/contracts'
import { specsOf } from '@mnas/core/graph'
import { tfliteErrors } from '../errors.js'

/** Name of the label file in the archive behind a model. */
export const labelFileName = 'labels.txt'

/** An output with one number for each of several things. */
export const isRow = ({ shape, batched }: TensorSpec): boolean => batched && shape.length === 1

/**
 * The files of labels that belong behind a model: one, or none where nobody has named the classes. An output that tells labels needs all that it
 * tells; a graph whose outputs are rows needs as many labels as one of them has numbers.
 * @throws MNAS_EXPORT_LABELS
 */
export function labelFiles(
  graph: Graph,
  labels: readonly string[] | null,
  postProcessing: PostProcessing | undefined,
): Readonly<Record<string, Uint8Array>> {
  if (labels === null || labels.length === 0) return {}
  return { [labelFileName]: labelFile(labels, labelsTold(postProcessing) ?? labelsOfRows(graph, labels)) }
}

function labelsTold(postProcessing: PostProcessing | undefined): number | undefined {
  const contents = postProcessing?.outputs.map(({ content }) => content) ?? []
  return contents.flatMap((content) => (content.kind === 'labels' ? [content.labels] : []))[0]
}

function labelsOfRows(graph: Graph, labels: readonly string[]): number {
  const specs = specsOf(graph)
  const rows = Object.values(graph.outputs).flatMap((id) => (isRow(specs.get(id)!) ? [specs.get(id)!.shape[0]!] : []))
  return rows.length === 0 || rows.includes(labels.length) ? labels.length : rows[0]!
}

/**
 * The content of a label file: a class in each line, by index, UTF-8. Readers count lines, and MediaPipe opens a file whose lines are not as many as
 * its classes and then fails at every image: so nothing is written that does not fit.
 * @param classes how many there are
 * @throws MNAS_EXPORT_LABELS
 */
function labelFile(labels: readonly string[], classes: number): Uint8Array {
  if (labels.length !== classes)
    throw tfliteErrors.MNAS_EXPORT_LABELS({ expected: `${classes} labels, one for each class`, received: `${labels.length}` })
  const broken = labels.findIndex((label) => label === '' || /[\r\n]/.test(label))
  if (broken >= 0) {
    const received = `${JSON.stringify(labels[broken])} for class ${broken}`
    throw tfliteErrors.MNAS_EXPORT_LABELS({ expected: 'names that are not empty and have no line break', received })
  }
  return new TextEncoder().encode(labels.join('\n'))
}
