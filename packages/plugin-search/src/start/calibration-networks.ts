import type { Genome, JsonObject, SearchSpace, SpaceFactory } from '@mnas/core/contracts'
import { randomGenomes } from '../space/random-genomes.js'

const randomNetworks = 8

/** The space at one of its widths. */
export interface SizedSpace {
  readonly width: number
  readonly space: SearchSpace
}
/** A network that is timed before the first trial. */
export interface CalibrationNetwork extends SizedSpace {
  readonly genome: Genome
}

/** What a space is made for, and the width that is asked for. */
export interface SpaceChoice {
  readonly spaces: SpaceFactory
  readonly width: 'auto' | number
  readonly size: number
  readonly task: { readonly name: string; readonly options: JsonObject }
}

/** The space at the widths that may be chosen, the narrowest first. */
export function sizedSpaces(choice: SpaceChoice): readonly SizedSpace[] {
  const { spaces, width } = choice
  return (width === 'auto' ? spaces.widths : [width]).map((one) => sizedSpace(choice, one))
}

export function sizedSpace({ spaces, size, task }: SpaceChoice, width: number): SizedSpace {
  return { width, space: spaces.create({ width, inputSize: size, task }) }
}

/** The smallest network of the narrowest space, then random ones, their widths spread evenly over those that may be chosen. */
export function calibrationNetworks(spaces: readonly SizedSpace[], seed: number): readonly CalibrationNetwork[] {
  const narrowest = spaces[0]!
  const random = Array.from({ length: randomNetworks }, (_, index) => {
    const sized = spaces[index % spaces.length]!
    return { ...sized, genome: randomGenomes(sized.space, 1, seed, `calibration ${index}`)[0]! }
  })
  return [{ ...narrowest, genome: narrowest.space.smallest() }, ...random]
}
