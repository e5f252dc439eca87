import { searchErrors } from '../errors.js'

/** `auto` or a multiplier from 0.1 to 4. @throws MNAS_SEARCH_WIDTH */
export function parseWidth(text: string): 'auto' | number {
  return text === 'auto' ? text : widthNumber(text)
}

/** A multiplier from 0.1 to 4. @throws MNAS_SEARCH_WIDTH */
export function widthNumber(text: string): number {
  const width = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN
  if (width >= 0.1 && width <= 4) return width
  throw searchErrors.MNAS_SEARCH_WIDTH({ received: text })
}
