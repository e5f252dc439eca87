import type { Block } from './architecture.js'
import { architectureErrors } from './errors.js'

/** A block string and what only it says: the filters that the block declares to receive. */
export interface ParsedBlock {
  readonly block: Block
  readonly inputFilters: number
}

const grammar = /^r(\d+)_k(\d)_s(\d)(\d)_e(\d+)_i(\d+)_o(\d+)(?:_se(0?\.\d+|1))?(_noskip)?$/

/**
 * Reads the authors' notation: r repeats, k kernel, s stride h,w, e expansion, i/o in/out filters, se squeeze ratio, noskip.
 * @throws MNAS_ARCH_BLOCK_STRING
 */
export function parseBlockString(text: string): ParsedBlock {
  const match = grammar.exec(text)
  if (!match)
    throw architectureErrors.MNAS_ARCH_BLOCK_STRING({ expected: 'r_k_s_e_i_o with optional _se and _noskip', received: text })
  const [repeats, kernel, vertical, horizontal, expansion, inputFilters, filters] = match.slice(1, 8).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (vertical !== horizontal || (vertical !== 1 && vertical !== 2)) {
    throw architectureErrors.MNAS_ARCH_BLOCK_STRING({ expected: 'stride s11 or s22', received: text })
  }
  if (kernel !== 3 && kernel !== 5 && kernel !== 7)
    throw architectureErrors.MNAS_ARCH_BLOCK_STRING({ expected: 'kernel 3, 5 or 7', received: text })
  const squeezeExcite = match[8] === undefined ? {} : { squeezeExcite: Number(match[8]) }
  const skip = match[9] ? 'none' : 'identity'
  const shape = { repeats, kernel, stride: vertical, filters, ...squeezeExcite, skip } as const
  const block: Block = expansion === 1 ? { op: 'separable', ...shape } : { op: 'mbconv', expansion, ...shape }
  return { block, inputFilters }
}

/** @throws MNAS_ARCH_BLOCK_STRING for a row that the notation cannot say: a plain convolution, a pooled skip */
export function formatBlockString(block: Block, inputFilters: number): string {
  if (block.op === 'conv')
    throw architectureErrors.MNAS_ARCH_BLOCK_STRING({ expected: 'a row with a depthwise convolution', received: block.op })
  if (block.skip === 'pool')
    throw architectureErrors.MNAS_ARCH_BLOCK_STRING({ expected: 'skip identity or none', received: block.skip })
  const expansion = block.op === 'mbconv' ? (block.expansion ?? 1) : 1
  const { repeats, kernel, stride, filters } = block
  const squeeze = block.squeezeExcite === undefined ? '' : `_se${block.squeezeExcite}`
  const skip = block.skip === 'none' ? '_noskip' : ''
  return `r${repeats}_k${kernel}_s${stride}${stride}_e${expansion}_i${inputFilters}_o${filters}${squeeze}${skip}`
}
