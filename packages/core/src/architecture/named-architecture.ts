import type { Architecture } from './architecture.js'
import { architectureErrors } from './errors.js'
import { efficientnetLite } from './family/efficientnet-lite.js'
import { fbnetC } from './family/fbnet-c.js'
import { mnasnetA1 } from './family/mnasnet-a1.js'
import { mnasnetB1 } from './family/mnasnet-b1.js'
import { mnasnetD1 } from './family/mnasnet-d1.js'
import { mnasnetD1320 } from './family/mnasnet-d1-320.js'
import { mnasnetSmall } from './family/mnasnet-small.js'
import { mobilenetV2 } from './family/mobilenet-v2.js'
import { spnasnet } from './family/spnasnet.js'
import { roundFilters, scaleArchitecture, scaleInside } from './scale-architecture.js'

/** A2, A3 and search1 of the paper were never published as architectures. */
const published: readonly Architecture[] = [
  ...[mnasnetA1, mnasnetB1, mnasnetSmall, mnasnetD1, mnasnetD1320],
  ...[mobilenetV2, spnasnet, fbnetC],
  ...efficientnetLite,
]
const family: ReadonlyMap<string, Architecture> = new Map(published.map((each) => [each.name, each]))

/** The published networks, without widths. */
export const architectureNames: readonly string[] = [...family.keys()]

/**
 * A published architecture, for ImageNet's 1000 classes at its authors' size: `mnasnet-a1`, or with a width `mnasnet-a1@0.5`.
 * The head keeps its filters at every width, as MnasNet has it; MobileNetV2's grows with widths above 1 (its paper, §5.1), and
 * EfficientNet-Lite's stem stays as well.
 * @throws MNAS_ARCHITECTURE_UNKNOWN, MNAS_ARCHITECTURE_WIDTH
 */
export function namedArchitecture(name: string): Architecture {
  const at = name.indexOf('@')
  const base = at === -1 ? name : name.slice(0, at)
  const architecture = family.get(base)
  if (!architecture) throw architectureErrors.MNAS_ARCHITECTURE_UNKNOWN({ name, known: architectureNames })
  return at === -1 ? architecture : widened(architecture, name.slice(at + 1))
}

function widened(architecture: Architecture, text: string): Architecture {
  if (!/^\d*\.?\d+$/.test(text)) throw architectureErrors.MNAS_ARCHITECTURE_WIDTH({ received: text })
  const width = Number(text)
  const scaled = (efficientnetLite.includes(architecture) ? scaleInside : scaleArchitecture)(architecture, { width })
  if (architecture !== mobilenetV2 || width <= 1) return scaled
  return { ...scaled, head: { filters: roundFilters(scaled.head.filters, width) } }
}
