import type { AgreementAccumulator, Batch, Comparison, JsonObject, Metrics, PostProcessing, Tensors } from '@mnas/core/contracts'
import { truthOf } from './batches/truth.js'
import { deployedSuppression, deploymentSchema } from './deployment/deployment-options.js'
import { fileDetections } from './deployment/file-detections.js'
import { suppressionOf } from './deployment/post-processing.js'
import { compareDetections, type DetectionErrors } from './detections/compare-detections.js'
import { DetectorAnswers } from './detections/detector-answers.js'
import { inPhoto } from './detections/photo-detections.js'
import type { Detections, Suppression } from './detections/suppression.js'
import { FoundBoxes } from './evaluation/found-boxes.js'
import { optionsSchema } from './options.js'

/**
 * How well a file finds what the engine finds, both by the rules of the file:
 *   maxBoxError        largest difference of a side of a box that both find (their boxes overlap by half), as a share of the input's
 *                      side; absent where both find none
 *   maxScoreError      largest difference of its scores, likewise
 *   sameDetections     share of the images in which both find as many things, the same in the same order; only on photos
 *   map50, engineMap50 mean average precision of the file and of the engine; only where the truth is known
 */
export class DetectionAgreement implements AgreementAccumulator {
  readonly distanceName = 'mean mismatch'
  readonly #answers: DetectorAnswers
  readonly #classes: number
  readonly #onPhotos: boolean
  readonly #behindOperator: boolean
  readonly #suppression: Suppression
  readonly #found = { engine: new FoundBoxes(), file: new FoundBoxes() }
  #images = 0
  #same = 0
  #distance = 0
  /** Over all images; null: both have found nothing alike so far. */
  #errors: DetectionErrors | null = null

  /** @param postProcessing of the files; absent: they give what the graph gives, and detections are made of it by the defaults */
  constructor(options: JsonObject, targets: JsonObject, on: 'photos' | 'synthetic', postProcessing?: PostProcessing) {
    this.#answers = new DetectorAnswers(options, targets)
    this.#classes = optionsSchema.parse(options).classes
    this.#onPhotos = on === 'photos'
    this.#behindOperator = postProcessing !== undefined
    this.#suppression = postProcessing ? suppressionOf(postProcessing) : deployedSuppression(deploymentSchema.parse({}))
  }

  add(engine: Tensors, file: Tensors, { truth }: Pick<Batch, 'truth'>): void {
    const expected = this.#answers.detections(engine, 0, this.#suppression)
    const received = this.#behindOperator ? fileDetections(file) : this.#answers.detections(file, 0, this.#suppression)
    const { same, distance, errors } = compareDetections(expected, received)
    this.#images++
    if (same) this.#same++
    this.#distance += distance
    if (errors) this.#errors = larger(errors, this.#errors ?? errors)
    const json = truth?.[0]
    if (json === null || json === undefined) return
    const known = truthOf(json)
    const shown = (detections: Detections) => inPhoto(detections, known.frame, this.#answers.inputSize)
    this.#found.engine.add(known, shown(expected))
    this.#found.file.add(known, shown(received))
  }

  result(): Metrics {
    if (this.#images === 0) return {}
    const { sameAnswers, quality } = this.comparison()
    return {
      ...(this.#errors && { maxBoxError: this.#errors.box, maxScoreError: this.#errors.score }),
      ...(this.#onPhotos && sameAnswers !== null && { sameDetections: sameAnswers }),
      ...(this.#onPhotos && quality && { map50: quality.file, engineMap50: quality.engine }),
    }
  }

  comparison(): Comparison {
    const { engine, file } = this.#found
    const map50 = (found: FoundBoxes) => found.evaluate(this.#classes).numbers.map50
    const [own, other] = engine.photos > 0 ? [map50(engine), map50(file)] : []
    return {
      distance: this.#distance / Math.max(1, this.#images),
      sameAnswers: this.#images === 0 ? null : this.#same / this.#images,
      quality: own === undefined || other === undefined ? null : { engine: own, file: other },
    }
  }

  summary(): string {
    const { maxBoxError, maxScoreError, sameDetections, map50 } = this.result()
    const errors =
      maxBoxError === undefined || maxScoreError === undefined
        ? 'nothing found by both'
        : `largest error of a box ${told(maxBoxError)}, of a score ${told(maxScoreError)}`
    if (sameDetections === undefined) return errors
    const quality = map50 === undefined ? '' : `mAP50 ${(100 * map50).toFixed(2)} %, `
    return `${quality}same detections in ${(100 * sameDetections).toFixed(2)} % of the images, ${errors}`
  }
}

const larger = (one: DetectionErrors, other: DetectionErrors): DetectionErrors => ({
  box: Math.max(one.box, other.box),
  score: Math.max(one.score, other.score),
})

const told = (error: number) => error.toExponential(1)
