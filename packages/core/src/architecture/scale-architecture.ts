import type { Fidelity } from '../contracts/index.js'
import type { Architecture, Block } from './architecture.js'
import { architectureErrors } from './errors.js'
import { parseArchitecture } from './parse-architecture.js'

export interface Scaling {
  /** Multiplier of every row's and the stem's filters; above 0 and at most 4. The head is never scaled. */
  readonly width?: number
  /** Multiplier of every row's repeats. */
  readonly depth?: number
  /** Side of the square input in pixels. */
  readonly inputSize?: number
}

/**
 * Filters f times m as the authors round them: f when m = 1, else the nearest multiple of 8, at least 8, and never under 0.9·f·m.
 */
export function roundFilters(filters: number, multiplier: number): number {
  if (multiplier === 1) return filters
  const wanted = filters * multiplier
  const rounded = Math.max(8, Math.floor((wanted + 4) / 8) * 8)
  return rounded < 0.9 * wanted ? rounded + 8 : rounded
}

/** Rounded up, as EfficientNet scales depth (Tan & Le 2019); the tolerance takes 1.1 · 10 for 11. */
function roundRepeats(repeats: number, multiplier: number): number {
  return Math.ceil(repeats * multiplier - 1e-9)
}

/**
 * The same table, wider, deeper or for another input size. A width other than 1 shows in the name: `mnasnet-a1@0.5`.
 * @throws MNAS_ARCHITECTURE_WIDTH, and the errors of parseArchitecture when the result is none
 */
export function scaleArchitecture(architecture: Architecture, scaling: Scaling): Architecture {
  const { width = 1, depth = 1, inputSize = architecture.input.size } = scaling
  if (!(width > 0 && width <= 4)) throw architectureErrors.MNAS_ARCHITECTURE_WIDTH({ received: String(width) })
  const scaled: Architecture = {
    ...architecture,
    name: width === 1 ? architecture.name : `${architecture.name}@${width}`,
    input: { size: inputSize },
    stem: { ...architecture.stem, filters: roundFilters(architecture.stem.filters, width) },
    blocks: architecture.blocks.map(
      (block): Block => ({
        ...block,
        filters: roundFilters(block.filters, width),
        repeats: roundRepeats(block.repeats, depth),
      }),
    ),
  }
  return parseArchitecture(scaled, `"${architecture.name}", scaled,`)
}

/**
 * The same table scaled as EfficientNet-Lite's authors scale theirs (and timm its deeper MobileNetV2): the stem keeps its
 * filters, and the first and the last row their repeats.
 * @throws as scaleArchitecture
 */
export function scaleInside(architecture: Architecture, scaling: Scaling): Architecture {
  const scaled = scaleArchitecture(architecture, scaling)
  const { stem, blocks } = architecture
  const ends = new Set([0, blocks.length - 1])
  return {
    ...scaled,
    stem,
    blocks: scaled.blocks.map((block, row): Block => (ends.has(row) ? { ...block, repeats: blocks[row]!.repeats } : block)),
  }
}

/**
 * What is trained in place of the deployed architecture during a search: the same blocks, another input size and head.
 * @throws MNAS_ARCHITECTURE_FIELD, MNAS_ARCHITECTURE_SHAPE when the size or the head is out of range
 */
export function withFidelity(
  architecture: Architecture,
  { inputSize, headFilters }: Pick<Fidelity, 'inputSize' | 'headFilters'>,
): Architecture {
  const proxy: Architecture = { ...architecture, input: { size: inputSize }, head: { filters: headFilters } }
  return parseArchitecture(proxy, `"${architecture.name}" at this fidelity`)
}
