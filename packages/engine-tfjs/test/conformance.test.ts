import type { TrainingEngine } from '@mnas/core/contracts'
import { engineConformance } from '@mnas/core/testing'
import engine from '@mnas/engine-tfjs'
import { describe, it } from 'vitest'

/** The engine in JavaScript alone, whether or not tfjs-node is installed. */
const pure: TrainingEngine = { ...engine, plan: (wish, ...rest) => engine.plan({ ...wish, accelerator: 'tfjs-cpu' }, ...rest) }

/** What every training engine has to do; there are no other tests of the contract. */
describe('the tfjs engine in JavaScript alone', () => {
  for (const { name, run } of engineConformance(pure)) it(name, run)
})
