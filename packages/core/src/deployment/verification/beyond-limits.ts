import type { Comparison, Headline, ModelFile } from '../../contracts/index.js'
import { formatMetric } from '../../text/index.js'
import { deploymentErrors } from '../errors.js'

/** How much worse than its model a file may be. */
export interface DeployLimits {
  /** Of the task's first headline, 0–1. */
  readonly maxDrop: number
  /** Least share of the images to which both give the same answer, 0–1. null: any. */
  readonly minAgreement: number | null
}

/** Where the user says nothing. */
export const defaultLimits: DeployLimits = { maxDrop: 0.02, minAgreement: null }

export interface ComparedFile {
  readonly file: Pick<ModelFile, 'path' | 'precision'>
  readonly comparison: Comparison
}

/** @returns what is wrong with the files, as an error; null: nothing */
export function beyondLimits(files: readonly ComparedFile[], headline: Headline, limits: DeployLimits): Error | null {
  const findings = files.flatMap((one) => findingsOf(one, headline, limits))
  return findings.length > 0 ? deploymentErrors.MNAS_DEPLOY_WORSE({ findings }) : null
}

/** Of a file that computes what its model computes but for rounding: what is more is no rounding. */
const rounding: DeployLimits = { maxDrop: 0.002, minAgreement: 0.99 }

/**
 * What is wrong with float32 files, whatever the user allows of others: their answers are the model's, to a few equal scores.
 * @returns a sentence for each; none: nothing
 */
export function roundingFaults(files: readonly ComparedFile[], headline: Headline): readonly string[] {
  const whole = files.filter(({ file }) => file.precision === 'float32')
  return whole.flatMap((one) => findingsOf(one, headline, rounding)).map((finding) => `${finding}, for nothing was quantised`)
}

/** 0.9 − 0.88 is more than 0.02 in binary numbers: what is allowed to the last digit is no loss. */
const inTheLastDigits = 1e-9

function findingsOf({ file, comparison }: ComparedFile, headline: Headline, { maxDrop, minAgreement }: DeployLimits): string[] {
  const { quality, sameAnswers } = comparison
  const shown = (value: number) => formatMetric(headline, value)
  const worse = quality !== null && quality.engine - quality.file > maxDrop + inTheLastDigits
  const apart = sameAnswers !== null && minAgreement !== null && sameAnswers < minAgreement
  return [
    ...(worse
      ? [
          `${file.path}: ${headline.label} ${shown(quality.file)}, ${shown(quality.engine)} before. Expected at most ${shown(maxDrop)} ` +
            `less, received ${shown(quality.engine - quality.file)}`,
        ]
      : []),
    ...(apart
      ? [
          `${file.path}: says the same as the model on ${(100 * sameAnswers).toFixed(2)} % of the images. Expected at least ` +
            `${(100 * minAgreement).toFixed(2)} %`,
        ]
      : []),
  ]
}
