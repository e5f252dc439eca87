import type { Hash, JsonObject } from '../contracts/index.js'
import { hashJson } from '../files/index.js'
import type { Architecture, Block } from './architecture.js'
import { architectureErrors } from './errors.js'

/**
 * Filters scaled and made divisible by 8, never more than 10 % below the product; unchanged at multiplier 1 (authors' code, `round_filters`):
 *   r = max(8, ⌊(f·m + 4) / 8⌋ · 8), plus 8 if r < 0.9·f·m
 */
export function roundFilters(filters: number, multiplier: number): number {
  if (multiplier === 1) return filters
  const scaled = filters * multiplier
  const rounded = Math.max(8, Math.floor((scaled + 4) / 8) * 8)
  return rounded < 0.9 * scaled ? rounded + 8 : rounded
}

export interface Scale {
  /** Multiplies the filters of stem and blocks; the head is never scaled. */
  readonly width?: number
  /** Multiplies the repeats of each block, rounded up. */
  readonly depth?: number
  /** New side of the input in pixels. */
  readonly inputSize?: number
}

/** @throws MNAS_ARCH_SCALE */
export function scaleArchitecture(architecture: Architecture, scale: Scale): Architecture {
  const width = factor('width', scale.width)
  const depth = factor('depth', scale.depth)
  const inputSize = scale.inputSize ?? architecture.input.size
  if (!Number.isInteger(inputSize) || inputSize < 16 || inputSize > 2048) {
    throw architectureErrors.MNAS_ARCH_SCALE({ what: 'input', expected: '16 to 2048 whole pixels', received: String(inputSize) })
  }
  const scaleBlock = (block: Block): Block => ({
    ...block,
    filters: roundFilters(block.filters, width),
    repeats: Math.min(16, Math.ceil(block.repeats * depth)),
  })
  return {
    ...architecture,
    input: { size: inputSize },
    stem: { ...architecture.stem, filters: roundFilters(architecture.stem.filters, width) },
    blocks: architecture.blocks.map(scaleBlock),
  }
}

function factor(what: string, value = 1): number {
  if (value >= 0.1 && value <= 4) return value
  throw architectureErrors.MNAS_ARCH_SCALE({ what, expected: 'a factor from 0.1 to 4', received: String(value) })
}

/** The same network for another task: the options belong to the task's plug-in. */
export function withTask(architecture: Architecture, name: string, options: JsonObject): Architecture {
  // Task options are JSON on both sides; the schema's type spells the same values without readonly.
  return { ...architecture, task: { name, options: options as Architecture['task']['options'] } }
}

/** What is trained at a lower fidelity: the same blocks, another input size and head width. */
export function withFidelity(
  architecture: Architecture,
  { inputSize, headFilters }: { readonly inputSize: number; readonly headFilters: number },
): Architecture {
  return { ...architecture, input: { size: inputSize }, head: { filters: headFilters } }
}

/** The identity of a candidate: everything but its name. */
export function architectureHash(architecture: Architecture): Hash {
  const { name: _, ...rest } = architecture
  return hashJson(rest)
}
