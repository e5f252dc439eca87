import { parseOptions } from '@mnas/core/config'
import { describe, expect, it } from 'vitest'
import { ppoOptions, ppoSettings } from '#internal/strategies/ppo/ppo-options.js'
import { ppoPresets } from '#internal/strategies/ppo/ppo-presets.js'

const settings = (...pairs: readonly string[]) => ppoSettings(parseOptions('strategy ppo', ppoOptions, pairs))

describe('options of ppo', () => {
  it('are a preset and what is to be otherwise', () => {
    expect(settings()).toEqual(ppoPresets.small)
    expect(settings('preset=paper')).toEqual(ppoPresets.paper)
    const changed = settings('preset=paper', 'learning-rate=0.001', 'networks=5', 'epochs=2', 'entropy=0')
    expect(changed).toEqual({ ...ppoPresets.paper, learningRate: 0.001, networks: 5, epochs: 2, entropy: 0 })
  })

  it.each([
    ['preset=large', 'small or paper'],
    ['learning-rate=0.2', 'a number from 0.00001 to 0.1'],
    ['networks=1', 'a whole number from 2 to 100'],
    ['networks=7.5', 'a whole number from 2 to 100'],
    ['epochs=0', 'a whole number from 1 to 20'],
    ['entropy=-1', 'a number from 0 to 1'],
  ])('refuse %s', (pair, expected) => {
    expect(() => settings(pair)).toThrow(
      expect.objectContaining({ code: 'MNAS_OPTION_VALUE', message: expect.stringContaining(`Expected ${expected}, received`) }),
    )
  })
})
