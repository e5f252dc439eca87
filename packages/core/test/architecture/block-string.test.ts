import { formatBlockString, parseBlockString, parseBlockStrings } from '@mnas/core/architecture'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blocks } from './random-architecture.js'

const expressible = blocks.filter(
  ({ op, skip, expansionConvolution }) => op !== 'conv' && skip !== 'pool' && expansionConvolution === undefined,
)

describe('block strings', () => {
  it('reads a row of the grammar', () => {
    expect(parseBlockString('r3_k5_s22_e3_i24_o40_se0.25')).toEqual({
      op: 'mbconv',
      repeats: 3,
      kernel: 5,
      stride: 2,
      expansion: 3,
      filters: 40,
      squeezeExcite: 0.25,
      skip: 'identity',
    })
    expect(parseBlockString('noskip_o16_i32_e1_s11_k3_r1')).toEqual({
      op: 'separable',
      repeats: 1,
      kernel: 3,
      stride: 1,
      filters: 16,
      skip: 'none',
    })
  })

  it('reads back every row that it can write, and writes every string as it was', () => {
    fc.assert(
      fc.property(expressible, fc.integer({ min: 1, max: 4096 }), (block, inFilters) => {
        const string = formatBlockString(block, inFilters)
        const read = parseBlockString(string, inFilters)
        // An expansion of 1 has two spellings; the string has one.
        const { expansion, ...rest } = block
        expect(read).toEqual(expansion === 1 ? { ...rest, op: 'separable' } : block)
        expect(formatBlockString(read, inFilters)).toBe(string)
      }),
    )
  })

  it.each([
    ['r1_k3_s11_e1_i16', 'the field "o"'],
    ['r1_k3_s11_e1_i16_o8_x', '"x"'],
    ['r1_r1_k3_s11_e1_i16_o8', 'twice'],
    ['r1_k3_s12_e1_i16_o8', 's12'],
    ['r1_k4_s11_e1_i16_o8', 'kernel'],
    ['r1_k3_s33_e1_i16_o8', 'stride'],
    ['r0_k3_s11_e1_i16_o8', 'repeats'],
    ['r1_k3_s11_e0_i16_o8', 'expansion'],
    ['r1_k3_s11_e1_i16_o8_se2', 'squeezeExcite'],
    ['', '""'],
  ])('refuses %s', (string, why) => {
    expect(() => parseBlockString(string)).toThrow(
      expect.objectContaining({ code: 'MNAS_ARCHITECTURE_BLOCK_STRING', exitCode: 3, message: expect.stringContaining(why) }),
    )
  })

  it('refuses a row that declares other filters than it receives', () => {
    // The first row of the authors' small network.
    expect(() => parseBlockStrings(['r1_k3_s11_e1_i16_o8'], 8)).toThrow(/Expected i8, received i16/)
    expect(() => parseBlockStrings(['r1_k3_s11_e1_i8_o16', 'r1_k3_s22_e3_i8_o16'], 8)).toThrow(/Expected i16, received i8/)
  })

  it('says which rows have no string', () => {
    const row = { repeats: 1, kernel: 3, stride: 1, filters: 8 } as const
    const none = expect.objectContaining({ code: 'MNAS_ARCHITECTURE_NO_BLOCK_STRING' })
    expect(() => formatBlockString({ op: 'conv', skip: 'none', ...row }, 8)).toThrow(none)
    expect(() => formatBlockString({ op: 'separable', skip: 'pool', ...row }, 8)).toThrow(none)
    const kept = { op: 'mbconv', expansion: 1, expansionConvolution: true, skip: 'identity' } as const
    expect(() => formatBlockString({ ...kept, ...row }, 8)).toThrow(none)
  })
})
