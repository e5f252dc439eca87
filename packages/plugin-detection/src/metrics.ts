import type { Batch, JsonObject, Metrics, MetricsAccumulator, Tensors } from '@mnas/core/contracts'
import { truthOf } from './batches/truth.js'
import { DetectorAnswers } from './detections/detector-answers.js'
import { inPhoto } from './detections/photo-detections.js'
import { evaluationSuppression } from './detections/suppression.js'
import { type BoxEvaluation, numbersOfSize } from './evaluation/box-evaluation.js'
import { cocoResults, originOf } from './evaluation/coco-results.js'
import { boxSizes } from './evaluation/coco-rules.js'
import { FoundBoxes } from './evaluation/found-boxes.js'
import { HeldOutLoss } from './held-out-loss.js'

/**
 * COCO's numbers from `boxes` and `scores` of the trained graph, in pixels of the photos, over the rows that are not padding:
 *   map50, map, …      the twelve, of which those of sizes that do not occur are absent; map50 and map are 0 where nothing is to be found
 *   loss               of the anchors, by targets at an overlap of .5: HeldOutLoss; only where the batches hold targets
 *   objects, count     objects to be found, without crowds and difficult ones; photos
 *   perClass.<label>   average precision at an overlap of .5; only classes that occur
 */
export class DetectionMetrics implements MetricsAccumulator {
  readonly #labels: readonly string[]
  readonly #answers: DetectorAnswers
  readonly #found = new FoundBoxes()
  readonly #loss = new HeldOutLoss()

  /** @param targets as targetsOf gave it */
  constructor(options: JsonObject, labels: readonly string[], targets: JsonObject) {
    this.#labels = labels
    this.#answers = new DetectorAnswers(options, targets)
  }

  add({ examples, inputs, truth }: Batch, outputs: Tensors): void {
    this.#loss.add({ examples, inputs }, outputs)
    for (const [row, example] of examples.entries()) {
      const json = truth?.[row]
      if (example < 0 || json === null || json === undefined) continue
      const known = truthOf(json)
      const found = this.#answers.ofLogits(outputs, row, evaluationSuppression)
      this.#found.add(known, inPhoto(found, known.frame, this.#answers.inputSize))
    }
  }

  result(): Metrics {
    const { numbers, labels } = this.#evaluation()
    const perClass = this.#labels.flatMap((label, index) => {
      const own = labels[index]
      return own ? [[`perClass.${label}`, own.ap50] as const] : []
    })
    const { map = 0, map50 = 0, ...others } = numbers
    const loss = this.#loss.result()
    return {
      ...{ map50, map, ...others },
      ...(loss !== undefined && { loss }),
      // Not the sum over sizes: an object on the border of two is in both.
      objects: labels.reduce((sum, own) => sum + (own?.objects ?? 0), 0),
      count: this.#found.photos,
      ...Object.fromEntries(perClass),
    }
  }

  /** As `detailsSchema` of the charts describes it: classes and sizes that occur. */
  details(): JsonObject {
    const { labels, numbers, objects } = this.#evaluation()
    const classes = labels.flatMap((own, label) => {
      if (!own) return []
      return [{ label, objects: own.objects, ap50: own.ap50, precision: [...own.precision] }]
    })
    const sizes = boxSizes.flatMap((size) => {
      const { map, recall } = numbersOfSize(numbers, size)
      return map === undefined || recall === undefined ? [] : [{ size, objects: objects[size], map, recall }]
    })
    return { classes, sizes }
  }

  /** COCO's results, the best of a photo first. @param origin as the data set gave it */
  answersFile(origin: JsonObject): Iterable<string> {
    return cocoResults(this.#found.inOrder(), originOf(origin))
  }

  #evaluation(): BoxEvaluation {
    return this.#found.evaluate(this.#labels.length)
  }
}
