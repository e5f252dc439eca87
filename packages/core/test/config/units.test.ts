import { formatSize, parseCount, parseDuration, parseSize } from '@mnas/core/config'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('parseSize', () => {
  it.each([
    ['0', 0],
    ['1024', 1024],
    ['4GiB', 4 * 2 ** 30],
    ['1.5 mib', 1.5 * 2 ** 20],
    ['500MB', 5e8],
    ['.5kB', 500],
  ])('%s = %d bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes))

  it.each(['', 'GiB', '-1', '1 parsec', '4G', '1e3', '99999999TiB', 'constructor', '1constructor'])(
    'refuses %j, exit 2',
    (text) => {
      expect(() => parseSize(text)).toThrowError(expect.objectContaining({ code: 'MNAS_UNIT', exitCode: 2 }))
    },
  )
})

describe('parseCount', () => {
  it.each([
    ['3M', 3_000_000],
    ['500k', 500_000],
    ['2.5 m', 2_500_000],
    ['400000', 400_000],
  ])('%s = %d', (text, count) => expect(parseCount(text)).toBe(count))

  it.each(['', '0', 'M', '3MB', '-1'])('refuses "%s"', (text) =>
    expect(() => parseCount(text)).toThrowError(expect.objectContaining({ code: 'MNAS_UNIT', exitCode: 2 })),
  )
})

describe('parseDuration', () => {
  it.each([
    ['30ms', 30],
    ['250us', 0.25],
    ['1.5s', 1500],
    ['30m', 1_800_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
  ])('%s = %d ms', (text, ms) => expect(parseDuration(text)).toBeCloseTo(ms, 9))

  it.each(['30', '0ms', '-3s', 'ms', '1 fortnight', 'Infinitys'])('refuses %j, exit 2', (text) => {
    expect(() => parseDuration(text)).toThrowError(expect.objectContaining({ code: 'MNAS_UNIT', exitCode: 2 }))
  })
})

it('formatSize is read back to within its rounding', () => {
  expect([0, 512, 2048, 3.2 * 2 ** 20, 4 * 2 ** 30].map(formatSize)).toEqual(['0 B', '512 B', '2 KiB', '3.2 MiB', '4 GiB'])
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 45 }), (bytes) => Math.abs(parseSize(formatSize(bytes)) / bytes - 1) <= 0.05),
  )
})
