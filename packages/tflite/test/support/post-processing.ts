import type { Graph, PostProcessing } from '@mnas/core/contracts'
import { GraphBuilder } from '@mnas/core/graph'
import { image, origin } from './models.js'

export const anchors = Float32Array.of(0.25, 0.25, 0.5, 0.5, 0.75, 0.75, 0.5, 0.5)

/** image [4, 4, 3] → pool → `boxes` [2, 4], `scores` [2, 3] through a sigmoid, and `pooled` [3], which no operator reads. */
export function rawDetector(): Graph {
  const builder = new GraphBuilder()
  builder.input('image', image(4, 4, 3))
  builder.add('globalAveragePool', { id: 'pool', inputs: ['image'], attributes: { keepDims: false }, origin })
  for (const [name, columns] of [
    ['boxes', 4],
    ['scores', 3],
  ] as const) {
    builder.add('dense', { id: `${name}.all`, inputs: ['pool'], attributes: { units: 2 * columns, bias: true }, origin })
    builder.add('reshape', { id: `${name}.rows`, inputs: [`${name}.all`], attributes: { shape: [2, columns] }, origin })
  }
  builder.output('boxes', 'boxes.rows')
  builder.output('scores', builder.add('sigmoid', { id: 'location', inputs: ['scores.rows'], attributes: {}, origin }))
  return builder.build()
}

/** LiteRT's operator behind it, of two classes. */
export function behind(options: PostProcessing['options'] = {}): PostProcessing {
  const output = { dtype: 'float32' } as const
  return {
    operator: 'TFLite_Detection_PostProcess',
    reads: ['boxes', 'scores'],
    constants: [{ name: 'anchors', tensor: { dtype: 'float32', shape: [2, 4], data: anchors } }],
    options: {
      ...{ max_detections: 3, max_classes_per_detection: 1, detections_per_class: 3, use_regular_nms: true },
      ...{ nms_score_threshold: 0.1, nms_iou_threshold: 0.6, num_classes: 2 },
      ...{ y_scale: 10, x_scale: 10, h_scale: 5, w_scale: 5 },
      ...options,
    },
    outputs: [
      { ...output, name: 'location', shape: [1, 3, 4], content: { kind: 'regions', order: ['top', 'left', 'bottom', 'right'] } },
      { ...output, name: 'category', shape: [1, 3], content: { kind: 'labels', labels: 2 } },
      { ...output, name: 'score', shape: [1, 3], content: { kind: 'scores' } },
      { ...output, name: 'count', shape: [1], content: { kind: 'count' } },
    ],
  }
}
