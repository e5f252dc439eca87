import { spaceConformance, strategyConformance } from '@mnas/core/testing'
import { describe, it } from 'vitest'
import mnasnet from '../dist/space/mnasnet-space.js'
import evolution from '../dist/strategies/evolution-strategy.js'
import random from '../dist/strategies/random-strategy.js'

describe('mnasnet conforms', () => {
  for (const { name, run } of spaceConformance(mnasnet)) it(name, run)
})
describe.each([random, evolution])('$name conforms', (factory) => {
  for (const { name, run } of strategyConformance(factory)) it(name, run)
})
