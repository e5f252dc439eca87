import type { QuantizedQuality } from '@mnas/core/contracts'
import type { StartedSearch } from '../start/search.js'

/**
 * Whether what another run says of a network may stand beside what this one finds: a search that looks at files counts its own by
 * what they are worth in its precision, and a network before quantisation would win over them for that alone.
 */
export const isComparable = (
  { judge, precision }: Pick<StartedSearch, 'judge' | 'precision'>,
  quantized: QuantizedQuality | null | undefined,
): boolean => judge === null || quantized?.precision === precision
