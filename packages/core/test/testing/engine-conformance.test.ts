import { isMnasError } from '@mnas/core/errors'
import { type ConformanceCase, engineConformance } from '@mnas/core/testing'
import { describe, expect, it } from 'vitest'
import { type Defect, interpreterEngine } from './interpreter-engine.js'

/** Whole MnasNets would take all gradients of thousands of parameters by differences. */
const affordable = ({ name }: ConformanceCase) => !/^training step: tiny|another input size/.test(name)

describe('the interpreter as an engine passes', () => {
  for (const { name, run } of engineConformance(interpreterEngine()).filter(affordable)) it(name, run)
})

const catches: Readonly<Record<Defect, RegExp>> = {
  biasedVariance: /four updates: SGD with momentum, L2/,
  decayedBatchNorm: /four updates: SGD with momentum, L2/,
  forgottenSlots: /continues bit for bit: sgd/,
  ignoredFrozen: /frozen parameters stay/,
  ignoredRates: /SGD with momentum, L2 penalty, other rates/,
  momentumOutsideLearningRate: /four updates: RMSProp of TensorFlow 1/,
  noGradientUnnoticed: /without a gradient is refused/,
  sumOfAccumulated: /averages gradients/,
}

describe('a defect is caught', () => {
  for (const [defect, name] of Object.entries(catches)) {
    it(defect, async () => {
      const found = engineConformance(interpreterEngine(defect as Defect)).filter((entry) => name.test(entry.name))
      expect(found).not.toEqual([])
      await expect(found[0]!.run()).rejects.toSatisfy((error) => isMnasError(error) && error.code === 'MNAS_CONFORMANCE_BROKEN')
    })
  }
})
