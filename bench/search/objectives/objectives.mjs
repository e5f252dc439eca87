import { cliffObjective } from './cliff.mjs'
import { macroObjective } from './macro.mjs'
import { pairsObjective } from './pairs.mjs'
import { peaksObjective } from './peaks.mjs'
import { weakestObjective } from './weakest.mjs'

/** What the strategies are compared on: pure functions of a genome, and known facts. */
export const objectives = [pairsObjective, cliffObjective, peaksObjective, weakestObjective, macroObjective]
