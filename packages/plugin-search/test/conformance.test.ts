import { spaceConformance, strategyConformance } from '@mnas/core/testing'
import { describe, it } from 'vitest'
import mnasnet from '#internal/space/mnasnet-space.js'
import evolution from '#internal/strategies/evolution-strategy.js'
import model from '#internal/strategies/model/model-strategy.js'
import ppo from '#internal/strategies/ppo/ppo-strategy.js'
import random from '#internal/strategies/random-strategy.js'

describe('mnasnet conforms', () => {
  for (const { name, run } of spaceConformance(mnasnet)) it(name, run)
})
describe.each([random, evolution, model, ppo])('$name conforms', (factory) => {
  for (const { name, run } of strategyConformance(factory)) it(name, run)
})
