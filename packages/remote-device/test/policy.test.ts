import type { DeviceWait } from '@mnas/core/contracts'
import { coolDown, doubtsAbout, driftOf, fastestCores, hasDrifted, maskOfList } from '@mnas/remote-device'
import { describe, expect, it } from 'vitest'

const cool = { thermalStatus: 0, celsius: 25, batteryPercent: 80 }
const hot = { ...cool, celsius: 36.5 }

describe('when a device can be trusted', () => {
  it('cool, and with enough in its battery', () => {
    expect(doubtsAbout(cool)).toEqual([])
    expect(doubtsAbout({ thermalStatus: null, celsius: null, batteryPercent: null })).toEqual([])
    expect(doubtsAbout(hot)).toEqual(['thermal'])
    expect(doubtsAbout({ ...cool, celsius: 35 })).toEqual([])
    expect(doubtsAbout({ ...cool, thermalStatus: 1 })).toEqual(['thermal'])
    expect(doubtsAbout({ ...hot, batteryPercent: 29 })).toEqual(['thermal', 'battery'])
  })

  it('heat is waited off: ten seconds, then twice as long each time up to five minutes, within the limit', () => {
    const waits: DeviceWait[] = []
    let waited = { seconds: 0, times: 0 }
    for (let wait = coolDown(hot, waited, 1000); wait; wait = coolDown(hot, waited, 1000)) {
      waits.push(wait)
      waited = { seconds: waited.seconds + wait.seconds, times: waited.times + 1 }
    }
    expect(waits.map(({ seconds }) => seconds)).toEqual([10, 20, 40, 80, 160, 300, 300, 90])
    expect(waits[0]?.reason).toBe('the device is hot (36.5 °C)')
  })

  it('nothing else is', () => {
    expect(coolDown(cool, { seconds: 0, times: 0 }, 1000)).toBeNull()
    expect(coolDown({ ...cool, batteryPercent: 5 }, { seconds: 0, times: 0 }, 1000)).toBeNull()
    expect(coolDown(hot, { seconds: 0, times: 0 }, 0)).toBeNull()
  })

  it('a known model moves by three per cent at the most, either way', () => {
    expect(driftOf(10, 10.2)).toBeCloseTo(0.02, 12)
    expect([10.29, 10.31, 9.71, 9.69].map((after) => hasDrifted(10, after))).toEqual([false, true, false, true])
  })
})

describe('the fastest cores', () => {
  const cores = (...kHz: readonly number[]) => new Map(kHz.map((frequency, core) => [core, frequency]))

  it('are a mask, and one for each group more', () => {
    expect(fastestCores(cores(1, 1, 2, 2))).toEqual(['c'])
    expect(fastestCores(cores(1, 1, 1, 1, 2, 2, 2, 2))).toEqual(['f0'])
    expect(fastestCores(cores(1, 1, 1, 1, 2, 2, 2, 3))).toEqual(['80', 'f0'])
    expect(fastestCores(cores(1, 1))).toEqual([])
    expect(fastestCores(cores())).toEqual([])
  })

  it('the kernel lists them otherwise', () => {
    expect(maskOfList('2-3')).toBe('c')
    expect(maskOfList(' 4-6,8\n')).toBe('170')
    for (const no of ['', 'all', '1-', '99999']) expect(maskOfList(no)).toBeNull()
  })
})
