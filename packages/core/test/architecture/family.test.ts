import { readFileSync } from 'node:fs'
import {
  architectureJsonSchema,
  architectureNames,
  formatBlockString,
  namedArchitecture,
  parseBlockStrings,
} from '@mnas/core/architecture'
import { describe, expect, it } from 'vitest'

/** The rows as the authors publish them (reference of MnasNet §1); of small's first row what is built: i8 and no skip. */
const published: Readonly<Record<string, readonly string[]>> = {
  'mnasnet-a1': [
    'r1_k3_s11_e1_i32_o16_noskip',
    'r2_k3_s22_e6_i16_o24',
    'r3_k5_s22_e3_i24_o40_se0.25',
    'r4_k3_s22_e6_i40_o80',
    'r2_k3_s11_e6_i80_o112_se0.25',
    'r3_k5_s22_e6_i112_o160_se0.25',
    'r1_k3_s11_e6_i160_o320',
  ],
  'mnasnet-b1': [
    'r1_k3_s11_e1_i32_o16_noskip',
    'r3_k3_s22_e3_i16_o24',
    'r3_k5_s22_e3_i24_o40',
    'r3_k5_s22_e6_i40_o80',
    'r2_k3_s11_e6_i80_o96',
    'r4_k5_s22_e6_i96_o192',
    'r1_k3_s11_e6_i192_o320_noskip',
  ],
  'mnasnet-small': [
    'r1_k3_s11_e1_i8_o8_noskip',
    'r1_k3_s22_e3_i8_o16',
    'r2_k3_s22_e6_i16_o16',
    'r4_k5_s22_e6_i16_o32_se0.25',
    'r3_k3_s11_e6_i32_o32_se0.25',
    'r3_k5_s22_e6_i32_o88_se0.25',
    'r1_k3_s11_e6_i88_o144',
  ],
  'mnasnet-d1': [
    'r1_k3_s11_e9_i32_o24',
    'r3_k3_s22_e9_i24_o36',
    'r5_k3_s22_e9_i36_o48',
    'r4_k5_s22_e9_i48_o96',
    'r5_k7_s11_e3_i96_o96',
    'r3_k3_s22_e9_i96_o80',
    'r1_k7_s11_e6_i80_o320_noskip',
  ],
  'mnasnet-d1-320': [
    'r3_k5_s11_e6_i32_o24',
    'r4_k7_s22_e9_i24_o36',
    'r5_k5_s22_e9_i36_o48',
    'r5_k7_s22_e6_i48_o96',
    'r5_k3_s11_e9_i96_o144',
    'r5_k5_s22_e6_i144_o160',
    'r1_k7_s11_e9_i160_o320',
  ],
  'mobilenet-v2': [
    'r1_k3_s11_e1_i32_o16',
    'r2_k3_s22_e6_i16_o24',
    'r3_k3_s22_e6_i24_o32',
    'r4_k3_s22_e6_i32_o64',
    'r3_k3_s11_e6_i64_o96',
    'r3_k3_s22_e6_i96_o160',
    'r1_k3_s11_e6_i160_o320',
  ],
  spnasnet: [
    'r1_k3_s11_e1_i32_o16_noskip',
    'r3_k3_s22_e3_i16_o24',
    'r1_k5_s22_e6_i24_o40',
    'r3_k3_s11_e3_i40_o40',
    'r1_k5_s22_e6_i40_o80',
    'r3_k3_s11_e3_i80_o80',
    'r1_k5_s11_e6_i80_o96',
    'r3_k5_s11_e3_i96_o96',
    'r4_k5_s22_e6_i96_o192',
    'r1_k3_s11_e6_i192_o320_noskip',
  ],
  'efficientnet-lite0': lite([1, 2, 2, 3, 3, 4, 1], [16, 24, 40, 80, 112, 192, 320]),
  'efficientnet-lite1': lite([1, 3, 3, 4, 4, 5, 1], [16, 24, 40, 80, 112, 192, 320]),
  'efficientnet-lite2': lite([1, 3, 3, 4, 4, 5, 1], [16, 24, 48, 88, 120, 208, 352]),
  'efficientnet-lite3': lite([1, 3, 3, 5, 5, 6, 1], [24, 32, 48, 96, 136, 232, 384]),
  'efficientnet-lite4': lite([1, 4, 4, 6, 6, 8, 1], [24, 32, 56, 112, 160, 272, 448]),
}

/** EfficientNet-Lite's rows, of which only depth and filters differ. */
function lite(repeats: readonly number[], filters: readonly number[]): readonly string[] {
  const kinds = ['k3_s11_e1', 'k3_s22_e6', 'k5_s22_e6', 'k3_s22_e6', 'k5_s11_e6', 'k5_s22_e6', 'k3_s11_e6']
  return kinds.map((kind, row) => `r${repeats[row]}_${kind}_i${row === 0 ? 32 : filters[row - 1]}_o${filters[row]}`)
}

describe('the published family', () => {
  it('is named in full', () => {
    expect([...architectureNames].sort()).toEqual([...Object.keys(published), 'fbnet-c'].sort())
  })

  it.each(Object.entries(published))('%s is the authors’ table', (name, strings) => {
    const { stem, blocks, head, padding, batchNormEpsilon } = namedArchitecture(name)
    expect(blocks).toEqual(parseBlockStrings(strings, stem.filters))
    let filters = stem.filters
    for (const [index, block] of blocks.entries()) {
      expect(formatBlockString(block, filters)).toBe(strings[index])
      filters = block.filters
    }
    expect({ head, padding, batchNormEpsilon }).toEqual({ head: { filters: 1280 }, padding: 'same', batchNormEpsilon: 1e-3 })
  })

  it('has the authors’ dropout and activations', () => {
    expect(namedArchitecture('mnasnet-a1').task).toEqual({ name: 'classification', options: { classes: 1000, dropout: 0.2 } })
    expect(namedArchitecture('mnasnet-small').task.options).toEqual({ classes: 1000, dropout: 0 })
    expect(namedArchitecture('mnasnet-small').stem.filters).toBe(8)
    expect(namedArchitecture('mnasnet-b1').activation).toBe('relu')
    expect(namedArchitecture('mobilenet-v2').activation).toBe('relu6')
  })

  it('holds FBNet-C as its authors trained it, with the 1×1 convolutions of its plain layers', () => {
    const { blocks, head, padding, batchNormEpsilon } = namedArchitecture('fbnet-c')
    expect(blocks.filter(({ expansion }) => expansion === 1).map(({ expansionConvolution }) => expansionConvolution)).toEqual([
      true,
      true,
    ])
    expect({ head, padding, batchNormEpsilon }).toEqual({ head: { filters: 1984 }, padding: 'symmetric', batchNormEpsilon: 1e-5 })
  })

  it('has the sizes and dropouts of EfficientNet-Lite’s authors', () => {
    const lites = [0, 1, 2, 3, 4].map((number) => namedArchitecture(`efficientnet-lite${number}`))
    expect(lites.map(({ input }) => input.size)).toEqual([224, 240, 260, 280, 300])
    expect(lites.map(({ task }) => task.options)).toEqual(
      [0.2, 0.2, 0.3, 0.3, 0.3].map((dropout) => ({ classes: 1000, dropout })),
    )
    expect(new Set(lites.map(({ activation, stem }) => `${activation} ${stem.filters}`))).toEqual(new Set(['relu6 32']))
    expect(namedArchitecture('efficientnet-lite0@0.5').stem.filters).toBe(32)
  })

  it('takes a width behind the name', () => {
    const half = namedArchitecture('mnasnet-a1@0.5')
    expect(half.name).toBe('mnasnet-a1@0.5')
    expect(half.stem.filters).toBe(16)
    expect(half.blocks.map(({ filters }) => filters)).toEqual([8, 16, 24, 40, 56, 80, 160])
    expect(half.head.filters).toBe(1280)
    expect(namedArchitecture('mnasnet-a1@1')).toEqual(namedArchitecture('mnasnet-a1'))
  })

  it('widens the head of MobileNetV2 alone, and only above 1', () => {
    expect(namedArchitecture('mobilenet-v2@1.4').head.filters).toBe(1792)
    expect(namedArchitecture('mobilenet-v2@0.5').head.filters).toBe(1280)
    expect(namedArchitecture('mnasnet-a1@1.4').head.filters).toBe(1280)
  })

  it.each([
    ['semnasnet_100', 'mnasnet-a1'],
    ['semnasnet_075.rmsp_in1k', 'mnasnet-a1@0.75'],
    ['mnasnet_100', 'mnasnet-b1'],
    ['mnasnet_small.lamb_in1k', 'mnasnet-small'],
    ['mobilenetv2_140', 'mobilenet-v2@1.4'],
    ['mnasnet0_5', 'mnasnet-b1@0.5'],
    ['mnasnet1_0', 'mnasnet-b1'],
    ['mobilenet_v2', 'mobilenet-v2'],
    ['MobileNetV2', 'mobilenet-v2'],
    ['spnasnet_100.rmsp_in1k', 'spnasnet'],
    ['fbnetc_100', 'fbnet-c'],
    ['efficientnet_lite0', 'efficientnet-lite0'],
    ['tf_efficientnet_lite4.in1k', 'efficientnet-lite4'],
  ])("answers another library's name %s with ours: %s", (name, ours) => {
    expect(() => namedArchitecture(name)).toThrow(`Did you mean "${ours}", as it is called here?`)
    expect(() => namedArchitecture(ours)).not.toThrow()
  })

  it('answers a wrong name with the nearest', () => {
    expect(() => namedArchitecture('mnasnet-a2')).toThrow(/Did you mean "mnasnet-a1"/)
    expect(() => namedArchitecture('toString')).toThrow(expect.objectContaining({ code: 'MNAS_ARCHITECTURE_UNKNOWN' }))
    for (const width of ['', 'x', '0', '-1', '9', '0.5@2', '1e0', ' 1']) {
      expect(() => namedArchitecture(`mnasnet-a1@${width}`), width).toThrow(
        expect.objectContaining({ code: 'MNAS_ARCHITECTURE_WIDTH' }),
      )
    }
  })
})

describe('the JSON Schema', () => {
  it('is committed as it is', () => {
    const committed = new URL('../../../../docs/architecture.schema.json', import.meta.url)
    expect(
      JSON.parse(readFileSync(committed, 'utf8')),
      'write it anew: mnas arch schema > docs/architecture.schema.json',
    ).toEqual(JSON.parse(JSON.stringify(architectureJsonSchema())))
  })
})
