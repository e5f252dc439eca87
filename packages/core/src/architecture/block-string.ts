import { type Block, blockSchema } from './architecture.js'
import { describeIssue } from './describe-issue.js'
import { architectureErrors } from './errors.js'

const fields = ['r', 'k', 's', 'e', 'i', 'o', 'se', 'noskip'] as const
type Field = (typeof fields)[number]
const required = ['r', 'k', 's', 'e', 'i', 'o'] as const satisfies readonly Field[]

/**
 * Reads one row of MnasNet's grammar: `r` repeats, `k` kernel, `s` stride (height, width), `e` expansion, `i`/`o` filters in and out, `se`
 * squeeze ratio, `noskip`; in any order. An expansion of 1 is what the paper's table calls SepConv: a `separable` row.
 * @param inFilters filters that enter the row; when given, `i` has to say the same
 * @throws MNAS_ARCHITECTURE_BLOCK_STRING
 */
export function parseBlockString(string: string, inFilters?: number): Block {
  const values = readFields(string)
  const declared = values.get('i')!
  if (inFilters !== undefined && declared !== String(inFilters)) throw unreadable(string, `i${inFilters}`, `i${declared}`)
  const squeeze = values.get('se')
  const expansion = Number(values.get('e'))
  const row = {
    ...(expansion === 1 ? { op: 'separable' } : { op: 'mbconv', expansion }),
    repeats: Number(values.get('r')),
    kernel: Number(values.get('k')),
    stride: strideOf(string, values.get('s')!),
    filters: Number(values.get('o')),
    ...(squeeze === undefined ? {} : { squeezeExcite: Number(squeeze) }),
    skip: values.has('noskip') ? 'none' : 'identity',
  }
  const result = blockSchema.safeParse(row)
  if (result.success) return result.data
  const { field, expected, received } = describeIssue(result.error.issues[0]!, row)
  throw unreadable(string, `${field} ${expected}`, received)
}

/** Rows one behind the other, each declaring the filters that the one before it gives. @throws MNAS_ARCHITECTURE_BLOCK_STRING */
export function parseBlockStrings(strings: readonly string[], stemFilters: number): readonly Block[] {
  let filters = stemFilters
  return strings.map((string) => {
    const block = parseBlockString(string, filters)
    filters = block.filters
    return block
  })
}

/**
 * Writes a row as a block string.
 * @param inFilters filters that enter the row
 * @throws MNAS_ARCHITECTURE_NO_BLOCK_STRING for a conv row, a pooled skip and a kept 1×1 convolution, which the grammar does not know
 */
export function formatBlockString(block: Block, inFilters: number): string {
  if (block.op === 'conv') throw architectureErrors.MNAS_ARCHITECTURE_NO_BLOCK_STRING({ what: 'a conv row' })
  if (block.skip === 'pool') throw architectureErrors.MNAS_ARCHITECTURE_NO_BLOCK_STRING({ what: 'the skip "pool"' })
  if (block.expansionConvolution)
    throw architectureErrors.MNAS_ARCHITECTURE_NO_BLOCK_STRING({ what: 'a 1×1 convolution at an expansion of 1' })
  const { repeats, kernel, stride, filters, squeezeExcite } = block
  const squeeze = squeezeExcite === undefined ? '' : `_se${squeezeExcite}`
  const skip = block.skip === 'none' ? '_noskip' : ''
  return `r${repeats}_k${kernel}_s${stride}${stride}_e${block.expansion ?? 1}_i${inFilters}_o${filters}${squeeze}${skip}`
}

function readFields(string: string): ReadonlyMap<Field, string> {
  const values = new Map<Field, string>()
  for (const token of string.split('_')) {
    const match = /^(noskip)$|^(r|k|e|i|o|s)(\d+)$|^(se)(\d.*)$/.exec(token)
    const field = (match?.[1] ?? match?.[2] ?? match?.[4]) as Field | undefined
    if (!field) throw unreadable(string, `fields of ${fields.join(', ')}`, `"${token}"`)
    if (values.has(field)) throw unreadable(string, `"${field}" once`, 'it twice')
    values.set(field, match?.[3] ?? match?.[5] ?? '')
  }
  const missing = required.find((field) => !values.has(field))
  if (missing) throw unreadable(string, `the field "${missing}"`, 'none')
  return values
}

/** Two digits, height and width; rows stride alike both ways. */
function strideOf(string: string, digits: string): number {
  if (!/^(\d)\1$/.test(digits)) throw unreadable(string, 's11 or s22', `s${digits}`)
  return Number(digits[0])
}

function unreadable(string: string, expected: string, received: string): Error {
  return architectureErrors.MNAS_ARCHITECTURE_BLOCK_STRING({ string, expected, received })
}
