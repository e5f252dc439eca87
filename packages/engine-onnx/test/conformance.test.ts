import { engineConformance } from '@mnas/core/testing'
import engine from '@mnas/engine-onnx'
import { describe, it } from 'vitest'
import { laneBlock } from '#internal/fast/probe-block.js'

const block = await laneBlock()

/** What every training engine has to do; there are no other tests of the contract. Its batches of four run in the standard mode. */
describe('the onnx engine', () => {
  for (const { name, run } of engineConformance(engine)) it(name, run)
})

/** Batches of one block run in the fast mode. Single ops and inference know no modes. */
describe.skipIf(block === null)('the onnx engine in the fast mode', () => {
  const timeoutMs = 60_000
  const cases = engineConformance(engine, { batch: block ?? 1 })
  for (const { name, run } of cases.filter((one) => !/^(value|gradient|inference|batch statistics):/.test(one.name))) {
    it(name, run, timeoutMs)
  }
})
