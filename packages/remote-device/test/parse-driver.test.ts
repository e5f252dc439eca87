import { parseDriverTiming } from '@mnas/remote-device'
import { describe, expect, it } from 'vitest'
import { parseDriverError } from '#internal/litert-driver/parse-driver.js'

const line = '{"initMs": 12.5, "firstMs": 3.5, "timesMs": [1, 2, 3], "peakBytes": 1048576}'

describe("what LiteRT's driver says", () => {
  it('is the time of each run', () => {
    expect(parseDriverTiming(`a warning\n${line}\n`, 3)).toMatchObject({
      ...{ count: 3, medianMs: 2, meanMs: 2, minMs: 1, maxMs: 3, samplesMs: [1, 2, 3] },
      ...{ initMs: 12.5, firstMs: 3.5, peakBytes: 2 ** 20 },
    })
  })

  it.each([
    ['nothing', ''],
    ['half of it', line.slice(0, 60)],
    ['two of it', `${line}\n${line}`],
    ['other numbers of runs', line.replace(', 3]', ']')],
    ['a time of 0', line.replace('[1,', '[0,')],
    ['a text for a time', line.replace('[1,', '["1",')],
    ['an error', '{"error": "LiteRtRunCompiledModel gives status 5"}'],
  ])('%s is no timing', (_, output) => {
    expect(parseDriverTiming(output, 3)).toBeNull()
  })

  it('names its error', () => {
    expect(parseDriverError('{"error": "LiteRtRunCompiledModel gives status 5"}\n')).toBe('LiteRtRunCompiledModel gives status 5')
    expect(parseDriverError(line)).toBeNull()
  })
})
