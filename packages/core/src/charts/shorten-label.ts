import { charactersOf, textWidth } from './text-width.js'

const ellipsis = '…'

/**
 * A name on one line that is not wider than `widest` times its font size: its beginning and its end stay, for names often differ in either.
 * Vega looks texts up in plain objects, where `constructor` means something already: such a name gets a word joiner, which is not seen.
 */
export function shortenLabel(label: string, widest: number): string {
  const line = label.replaceAll(/\s+/g, ' ')
  if (textWidth(line) <= widest) return line in Object.prototype ? `${line}\u2060` : line
  const characters = charactersOf(line)
  const half = (widest - textWidth(ellipsis)) / 2
  const beginning = characters.slice(0, fitting(characters, half))
  const end = characters.slice(-fitting(characters.toReversed(), half))
  return [...beginning, ellipsis, ...end].join('')
}

/** How many characters from the first on fit; at least one. */
function fitting(characters: readonly string[], widest: number): number {
  let width = 0
  for (const [index, character] of characters.entries()) {
    width += textWidth(character)
    if (width > widest) return Math.max(1, index)
  }
  return characters.length
}

/** Names that are alike, once they are shortened say, would fall into one row or line: the later ones get a number, `(2)`. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let own = name
    for (let copy = 2; taken.has(own); copy++) own = `${name} (${copy})`
    taken.add(own)
    return own
  })
}
