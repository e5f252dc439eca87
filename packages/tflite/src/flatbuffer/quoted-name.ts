const mostCharacters = 60

/** A name that somebody else wrote into a file, for a message: in quotes, on one line, and no longer than a message may be. */
export function quotedName(name: string): string {
  const whole = name.length <= mostCharacters
  const shown = whole ? name : `${name.slice(0, mostCharacters)}…`
  return `"${shown.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`)}"`
}
