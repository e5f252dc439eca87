import type { BoxSize } from './coco-rules.js'

/** COCO's twelve numbers, 0–1, in its order. */
export const cocoNumbers = [
  'map',
  'map50',
  'map75',
  'mapSmall',
  'mapMedium',
  'mapLarge',
  'recall1',
  'recall10',
  'recall100',
  'recallSmall',
  'recallMedium',
  'recallLarge',
] as const
export type CocoNumber = (typeof cocoNumbers)[number]

export interface LabelEvaluation {
  /** Objects to be found: without crowds. */
  readonly objects: number
  /** Average precision at an overlap of .5. */
  readonly ap50: number
  /** Precision at 101 recalls from 0 to 1, at an overlap of .5. */
  readonly precision: Float64Array
}

/** What an evaluation says. */
export interface BoxEvaluation {
  /** A number of objects that do not occur is absent; COCO's tools write −1. */
  readonly numbers: Readonly<Partial<Record<CocoNumber, number>>>
  /** By label index; null where there is nothing to be found. */
  readonly labels: readonly (LabelEvaluation | null)[]
  /** Objects to be found, by size. */
  readonly objects: Readonly<Record<BoxSize, number>>
}

const ofSize = {
  small: { map: 'mapSmall', recall: 'recallSmall' },
  medium: { map: 'mapMedium', recall: 'recallMedium' },
  large: { map: 'mapLarge', recall: 'recallLarge' },
} as const satisfies Readonly<Record<BoxSize, Readonly<Record<'map' | 'recall', CocoNumber>>>>

/** Average precision and recall of objects of one size; undefined where there are none. */
export function numbersOfSize(numbers: BoxEvaluation['numbers'], size: BoxSize) {
  return { map: numbers[ofSize[size].map], recall: numbers[ofSize[size].recall] }
}
