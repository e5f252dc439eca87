import { formatTable } from '@mnas/core/text'
import { describe, expect, it } from 'vitest'

describe('a table', () => {
  it('puts numbers to the right and names to the left, and is as wide as what stands in it', () => {
    const rows = [
      ['photos', '9.5'],
      ['8-bit', '120'],
    ]
    expect(formatTable(['NAME', 'MS'], rows, ['NAME'])).toEqual(['NAME     MS', 'photos  9.5', '8-bit   120'])
  })

  it('commands no terminal: cells are made printable, and stay in their columns', () => {
    const rows = [
      ['a\u001b[2Jb', '1'],
      ['c\nd', '2'],
    ]
    expect(formatTable(['NAME', 'N'], rows)).toEqual(['NAME         N', 'a\\u{1b}[2Jb  1', 'c\\u{a}d      2'])
  })
})
