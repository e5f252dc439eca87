/** A word as a POSIX shell reads it back. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

export const quoteAll = (words: readonly string[]): string => words.map(quote).join(' ')
