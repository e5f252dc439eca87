import { golden } from './golden.js'

type Rows = readonly (readonly number[])[]

/** golden.json: numpy's float64, written from the definitions; prototypes/detection/golden.py. */
export interface GoldenParts {
  readonly anchors: Readonly<Record<string, GoldenAnchors>>
  readonly boxCoder: { readonly boxes: Rows; readonly anchors: Rows; readonly codes: Rows }
  readonly matcher: { readonly anchors: Rows; readonly cases: readonly GoldenMatch[] }
  readonly loss: GoldenLoss
}

interface GoldenAnchors {
  readonly maps: readonly number[]
  readonly count: number
  readonly columnSums: readonly number[]
  readonly rows: Readonly<Record<string, readonly number[]>>
}

interface GoldenMatch {
  readonly name: string
  readonly boxes: Rows
  readonly iou: Rows
  readonly match: readonly number[]
  readonly targets: Rows
}

export interface GoldenLoss {
  readonly classes: number
  readonly anchors: Rows
  readonly images: readonly { readonly boxes: Rows; readonly classes: readonly number[] }[]
  readonly targetClass: Rows
  readonly targetBoxes: readonly Rows[]
  readonly weight: readonly number[]
  readonly logits: readonly Rows[]
  readonly boxes: readonly Rows[]
  readonly loss: number
  readonly classLoss: number
  readonly boxLoss: number
  readonly gradientLogits: readonly Rows[]
  readonly gradientBoxes: readonly Rows[]
  readonly onlyImageWithoutBoxes: { readonly loss: number }
}

export const goldenParts = golden<GoldenParts>('golden.json')
