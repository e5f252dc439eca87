import { parsePairs } from '@mnas/core/config'
import { describe, expect, it } from 'vitest'

describe('options as NAME=VALUE', () => {
  it('are JSON where they can be, else text', () => {
    expect(parsePairs(['classes=6', 'name=a=b', 'cores=[1,2]', 'empty=', 'on=true'])).toEqual({
      classes: 6,
      name: 'a=b',
      cores: [1, 2],
      empty: '',
      on: true,
    })
  })

  it.each([[['classes']], [['=6']], [['a b=1']], [['classes=6', 'classes=7']]])('%j is an error', (pairs) => {
    expect(() => parsePairs(pairs)).toThrow(expect.objectContaining({ code: 'MNAS_CONFIG_PAIR' }))
  })
})
