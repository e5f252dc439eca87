import { describe, expect, it } from 'vitest'
import { parseRungs } from '#internal/rungs/parse-rungs.js'

describe('--rungs', () => {
  it('names the trainings before the proxy, each with its epochs and perhaps a size', () => {
    expect(parseRungs('1@64,2')).toEqual([{ epochs: 1, size: 64 }, { epochs: 2 }])
    expect(parseRungs(' 3 ')).toEqual([{ epochs: 3 }])
  })

  it.each(['', '0', '1@8', '1@2000', 'a', '1,,2', '1@', '-1', '1,1,1,1,1,1'])('refuses %j', (text) => {
    expect(() => parseRungs(text)).toThrow(expect.objectContaining({ code: 'MNAS_SEARCH_RUNGS' }))
  })
})
