import { settingsDifferences } from '@mnas/core/storage'
import { describe, expect, it } from 'vitest'

describe('settingsDifferences', () => {
  it('lists nested, added and removed fields', () => {
    expect(settingsDifferences({ a: 1, b: { c: 'x' } }, { b: { c: 'y' }, d: null })).toEqual([
      'a is 1 in the run and not set now',
      'b.c is "x" in the run and "y" now',
    ])
    expect(settingsDifferences({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toEqual([])
  })
})
