import { namedArchitecture, parseArchitecture, parseTaskOptions } from '@mnas/core/architecture'
import type { JsonObject, Task } from '@mnas/core/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { architectures } from './random-architecture.js'

const a1 = namedArchitecture('mnasnet-a1')
/** MnasNet-A1 with some fields of its third row changed. */
function row(changes: Readonly<Record<string, unknown>>): unknown {
  return { ...a1, blocks: a1.blocks.map((block, index) => (index === 2 ? { ...block, ...changes } : block)) }
}

interface Refusal {
  readonly what: string
  readonly json: unknown
  readonly code: string
  /** Each stands in the message. */
  readonly says: readonly string[]
}

const refusals: readonly Refusal[] = [
  { what: 'no object', json: 7, code: 'FIELD', says: ['at the top', 'object', 'received 7'] },
  { what: 'no value', json: undefined, code: 'FIELD', says: ['object', 'received nothing'] },
  { what: 'another version', json: { ...a1, version: 2 }, code: 'FIELD', says: ['version', 'Expected 1, received 2'] },
  { what: 'an unknown field', json: { ...a1, blokcs: [] }, code: 'FIELD', says: ['blokcs', 'Did you mean "blocks"'] },
  { what: 'a missing field', json: { ...a1, head: {} }, code: 'FIELD', says: ['head.filters', 'received nothing'] },
  { what: 'no rows', json: { ...a1, blocks: [] }, code: 'FIELD', says: ['blocks', 'at least 1'] },
  {
    what: 'an even kernel',
    json: row({ kernel: 4 }),
    code: 'FIELD',
    says: ['blocks[2].kernel', '1 or 3 or 5 or 7', 'received 4'],
  },
  { what: 'an unknown op', json: row({ op: 'mbconv6' }), code: 'FIELD', says: ['blocks[2].op', '"mbconv"', '"mbconv6"'] },
  { what: 'half a filter', json: row({ filters: 1.5 }), code: 'FIELD', says: ['blocks[2].filters', 'received 1.5'] },
  { what: 'too many filters', json: row({ filters: 5000 }), code: 'FIELD', says: ['blocks[2].filters', 'at most 4096'] },
  { what: 'a squeeze ratio of 0', json: row({ squeezeExcite: 0 }), code: 'FIELD', says: ['squeezeExcite', 'more than 0'] },
  { what: 'two mistakes', json: row({ kernel: 4, stride: 3 }), code: 'FIELD', says: ['blocks[2].kernel', '1 more field is'] },
  { what: 'capitals in the name', json: { ...a1, name: 'A1' }, code: 'FIELD', says: ['name', '"A1"'] },
  {
    what: 'mbconv without expansion',
    json: row({ expansion: undefined }),
    code: 'ROW',
    says: ['blocks[2].expansion', 'received none'],
  },
  { what: 'expansion on separable', json: row({ op: 'separable' }), code: 'ROW', says: ['blocks[2].expansion', 'received 3'] },
  {
    what: 'a kept convolution at an expansion of 3',
    json: row({ expansionConvolution: true }),
    code: 'ROW',
    says: ['blocks[2].expansionConvolution', 'an expansion of 3'],
  },
  {
    what: 'squeeze-excite on conv',
    json: row({ op: 'conv', expansion: undefined }),
    code: 'ROW',
    says: ['blocks[2].squeezeExcite', 'received 0.25'],
  },
  {
    what: 'more strides than pixels',
    json: { ...a1, input: { size: 16 } },
    code: 'SHAPE',
    says: ['blocks[5].stride', 'at least 17', 'input.size of 16'],
  },
]

describe('parseArchitecture', () => {
  it.each(refusals)('refuses $what', ({ json, code, says }) => {
    let error: { code?: string; exitCode?: number; message?: string } = {}
    try {
      parseArchitecture(json, '"my.json"')
    } catch (thrown) {
      error = thrown as typeof error
    }
    expect(error).toMatchObject({ code: `MNAS_ARCHITECTURE_${code}`, exitCode: 3 })
    expect(error.message).toMatch(/^"my\.json" /)
    expect(error.message).not.toContain('\n')
    for (const words of says) expect(error.message).toContain(words)
  })

  it('takes the smallest input that leaves something to stride over', () => {
    expect(parseArchitecture({ ...a1, input: { size: 17 } }).input.size).toBe(17)
  })

  it('gives back what a file held', () => {
    fc.assert(
      fc.property(architectures, (architecture) => {
        expect(parseArchitecture(JSON.parse(JSON.stringify(architecture)))).toEqual(architecture)
      }),
    )
  })
})

describe('parseTaskOptions', () => {
  const withOptions = (options: { parse(value: unknown): JsonObject }) => ({ options }) as unknown as Task

  it('fills in the defaults of the task', () => {
    const task = withOptions(z.object({ classes: z.int(), dropout: z.number(), extra: z.string().default('x') }))
    expect(parseTaskOptions(a1, task)).toEqual({ classes: 1000, dropout: 0.2, extra: 'x' })
  })

  it('names the option that the task refuses', () => {
    const task = withOptions(z.object({ classes: z.int().max(10) }))
    expect(() => parseTaskOptions(a1, task)).toThrow(/task\.options\.classes\. Expected at most 10, received 1000/)
  })

  it('lets other errors through', () => {
    const parse = () => {
      throw new Error('broken')
    }
    expect(() => parseTaskOptions(a1, withOptions({ parse }))).toThrow('broken')
  })
})
