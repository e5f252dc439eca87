/** Widths of printable ASCII in thousandths of the font size: Helvetica's, from Adobe's font metrics. */
const asciiWidths = [
  ...[278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278], // space to /
  ...[556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556], // 0 to ?
  ...[1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778], // @ to O
  ...[667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556], // P to _
  ...[333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556], // ` to o
  ...[556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584], // p to ~
]
const firstAscii = 0x20
const otherWidth = 570
const wideWidth = 1000
/** The reader's font is not known. The widest of those that systems come with (DejaVu Sans, Verdana) are wider than Helvetica by so much. */
const widestFont = 1.17

/** Scripts whose characters fill a square, and emoji. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}\u3000-\u303F\uFF00-\uFF60]/u
/** Accents and joiners sit on the character before them. */
const combining = /[\p{Mark}\u200B-\u200F\u2060\u2066-\u2069]/u

const segmenter = new Intl.Segmenter()
/** What a reader sees as one character: never cut in two. */
export const charactersOf = (text: string): readonly string[] => [...segmenter.segment(text)].map(({ segment }) => segment)

/** How wide a text is at most, in multiples of its font size. */
export function textWidth(text: string): number {
  let thousandths = 0
  for (const character of text) thousandths += characterWidth(character)
  return thousandths / 1000
}

function characterWidth(character: string): number {
  const ascii = asciiWidths[character.codePointAt(0)! - firstAscii]
  if (ascii !== undefined) return ascii * widestFont
  if (combining.test(character)) return 0
  return wide.test(character) ? wideWidth : otherWidth * widestFont
}
