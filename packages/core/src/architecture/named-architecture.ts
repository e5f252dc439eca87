import type { Architecture } from './architecture.js'
import { architectureErrors } from './errors.js'
import { mnasnetA1 } from './family/mnasnet-a1.js'
import { mnasnetB1 } from './family/mnasnet-b1.js'
import { mnasnetD1 } from './family/mnasnet-d1.js'
import { mnasnetD1320 } from './family/mnasnet-d1-320.js'
import { mnasnetSmall } from './family/mnasnet-small.js'
import { mobilenetV2 } from './family/mobilenet-v2.js'
import { scaleArchitecture } from './transform.js'

/** The published networks. A2, A3 and search1 of the paper were never published as architectures. */
const family: readonly Architecture[] = [mnasnetA1, mnasnetB1, mnasnetSmall, mnasnetD1, mnasnetD1320, mobilenetV2]

export const architectureNames: readonly string[] = family.map(({ name }) => name)

/**
 * A published network by name, `mnasnet-a1`, or at a width multiplier, `mnasnet-a1@0.5`.
 * @throws MNAS_ARCH_UNKNOWN with the nearest name, MNAS_ARCH_SCALE
 */
export function namedArchitecture(name: string): Architecture {
  const [base = '', width, ...rest] = name.split('@')
  const architecture = family.find((candidate) => candidate.name === base)
  if (!architecture || rest.length > 0) throw architectureErrors.MNAS_ARCH_UNKNOWN({ name, known: architectureNames })
  if (width === undefined) return architecture
  return { ...scaleArchitecture(architecture, { width: Number(width) }), name }
}
