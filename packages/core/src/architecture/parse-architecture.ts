import { type Architecture, architectureSchema, type Block } from './architecture.js'
import { architectureErrors } from './errors.js'

/**
 * Validates an architecture as it stands in a file.
 * @param source what the error names: a path
 * @throws MNAS_ARCH_INVALID naming every wrong field
 */
export function parseArchitecture(json: unknown, source = 'architecture'): Architecture {
  const result = architectureSchema.safeParse(json)
  const issues = result.success
    ? result.data.blocks.flatMap((block, index) => issuesOfBlock(block as Block, index))
    : result.error.issues.map(({ path, message }) => `${path.join('.') || 'file'}: ${message}`)
  if (!result.success || issues.length > 0)
    throw architectureErrors.MNAS_ARCH_INVALID({ source, issues: issues.slice(0, 5).join('; ') })
  return result.data as Architecture
}

/** Rules between the fields of one row. */
function issuesOfBlock(block: Block, index: number): readonly string[] {
  const at = `blocks.${index}`
  const issues: string[] = []
  if (block.op === 'mbconv' && block.expansion === undefined)
    issues.push(`${at}.expansion: expected a number for op mbconv, received none`)
  if (block.op !== 'mbconv' && block.expansion !== undefined)
    issues.push(`${at}.expansion: expected none for op ${block.op}, received ${block.expansion}`)
  if (block.op === 'conv' && block.squeezeExcite !== undefined) {
    issues.push(
      `${at}.squeezeExcite: expected none for op conv, which has no depthwise convolution, received ${block.squeezeExcite}`,
    )
  }
  return issues
}
