import { textWidth } from './text-width.js'

/** A list that breaks between its entries only: a line behind another. @param widest line, in multiples of the font size */
export function listedInLines(beginning: string, entries: readonly string[], widest: number): string[] {
  const lines = [beginning]
  for (const [index, entry] of entries.entries()) {
    const text = index < entries.length - 1 ? `${entry},` : entry
    const longer = `${lines.at(-1)} ${text}`
    if (textWidth(longer) <= widest || lines.at(-1) === beginning) lines[lines.length - 1] = longer
    else lines.push(text)
  }
  return lines
}
