import { engineConformance } from '@mnas/core/testing'
import engine from '@mnas/engine-onnx'
import { describe, it } from 'vitest'

/** What every training engine has to do; there are no other tests of the contract. */
describe('the onnx engine', () => {
  for (const { name, run } of engineConformance(engine)) it(name, run)
})
