/**
 * A text as one line that a terminal shows and does not obey: what ends a line or commands a terminal stands there by its
 * number, `\u{1b}`. Paths, and names in files of others, may hold such characters.
 */
export const printable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`)
