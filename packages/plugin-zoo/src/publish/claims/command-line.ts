/** A command of mnas as a shell takes it. */
export const commandLine = (...words: readonly string[]): string => ['mnas', ...words.map(quoted)].join(' ')

const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
