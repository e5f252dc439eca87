import type { TrainingEngine } from '../../contracts/index.js'
import type { ConformanceCase } from './check.js'
import { networkSuite } from './engine/network-suite.js'
import { objectiveSuite } from './engine/objective-suite.js'
import { opSuite } from './engine/op-suite.js'
import { optimizerSuite } from './engine/optimizer-suite.js'
import { stateSuite } from './engine/state-suite.js'

export interface EngineOptions {
  readonly batch?: number
}

/**
 * What every TrainingEngine has to do, as a list of cases for any test runner. Values and gradients are compared with the reference
 * interpreter, updates with their formulas in float64; float32 engines pass with room to spare.
 * @param options.batch examples per step of the networks (default 4), for engines that go another way with certain batches
 */
export function engineConformance(engine: TrainingEngine, { batch = 4 }: EngineOptions = {}): readonly ConformanceCase[] {
  return [
    ...opSuite(engine),
    ...networkSuite(engine, batch),
    ...objectiveSuite(engine),
    ...optimizerSuite(engine, batch),
    ...stateSuite(engine, batch),
  ]
}
