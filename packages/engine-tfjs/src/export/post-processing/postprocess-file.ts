import { readFile } from 'node:fs/promises'
import type { ExportRequest, PostProcessing, Preprocessing } from '@mnas/core/contracts'
import type { DetectionRules, InputFit } from './detection-program.js'

/** Operators of which a program is written. */
export const programOperators: readonly string[] = ['TFLite_Detection_PostProcess']

/** Of the program in a model's folder. */
export const programFile = 'postprocess.js'

/**
 * `postprocess.js`: an ES module without dependencies that makes of a model's raw outputs what the operator would, with the model's
 * data in it.
 * @param size side of the input in pixels
 */
export async function postprocessFile(
  behind: PostProcessing,
  { labels, preprocessing }: Pick<ExportRequest, 'labels' | 'preprocessing'>,
  size: number,
): Promise<string> {
  const { anchors, ...rules } = rulesOf(behind)
  const [boxes, scores] = behind.reads
  const program = await readFile(new URL('detection-program.js', import.meta.url), 'utf8')
  return `/**
 * What the raw outputs of the model in this folder mean:
 *
 *   const model = await tf.loadGraphModel('model.json')
 *   const { ${boxes}, ${scores} } = model.predict(image)
 *   detect({ ${boxes}: await ${boxes}.data(), ${scores}: await ${scores}.data() }, { width: 640, height: 480 })
 *
 * Written by mnas with the model; it needs nothing else.
 */
const labels = ${JSON.stringify(labels)}
const fit = ${JSON.stringify(fitOf(preprocessing, size))}
const rules = ${JSON.stringify(rules)}
/** (centre y, centre x, height, width) of each, as shares of the input. */
rules.anchors = Float32Array.of(
${anchorLines(anchors)}
)

/**
 * Detections in one photo, the best first, in its pixels and within it.
 * @param {{${boxes}: Float32Array, ${scores}: Float32Array}} outputs of the model, for one photo
 * @param {{width: number, height: number}} photo its size, upright; default: the input's
 * @returns {{label: string, score: number, box: {x: number, y: number, width: number, height: number}}[]}
 */
export function detect(outputs, photo = { width: fit.size, height: fit.size }) {
  return detectionsOf(outputs.${boxes}, outputs.${scores}, rules).flatMap(({ class: own, score, box: found }) => {
    const box = inPhoto(found, fit, photo)
    return box ? [{ label: labels ? labels[own] : String(own), score, box }] : []
  })
}

${embedded(program)}`
}

function rulesOf({ options, constants }: PostProcessing): DetectionRules {
  const number = (name: string) => options[name] as number
  return {
    anchors: Float32Array.from(constants[0]!.tensor.data),
    classes: number('num_classes'),
    regular: options['use_regular_nms'] === true,
    scoreThreshold: number('nms_score_threshold'),
    overlapThreshold: number('nms_iou_threshold'),
    maxDetections: number('max_detections'),
    maxPerClass: number('detections_per_class'),
    classesPerDetection: number('max_classes_per_detection'),
    scales: [number('y_scale'), number('x_scale'), number('h_scale'), number('w_scale')],
  }
}

/** A built module as a part of another: without its exports and what is said at its top. */
const embedded = (program: string) =>
  program
    .replace(/^(\/\/.*\n)+/, '')
    .replaceAll(/^export /gm, '')
    .replace(/\/\/# sourceMappingURL=.*\s*$/, '')

/** Who would see boxes in a photo of which something was cut off refuses the fit before. */
const fitOf = ({ fit }: Preprocessing, size: number): InputFit => ({ size, letterbox: fit.kind === 'letterbox' })

/** Nine digits are enough for a float of 32 bits. */
function anchorLines(anchors: Float32Array): string {
  const numbers = Array.from(anchors, (value) => String(Number(value.toPrecision(9))))
  return Array.from({ length: numbers.length / 4 }, (_, row) => `  ${numbers.slice(4 * row, 4 * row + 4).join(', ')},`).join('\n')
}
