/** A command of mnas as a shell takes it. */
export const commandLine = (...words: readonly string[]): string => ['mnas', ...words.map(quoted)].join(' ')

/** What makes a file of another input size than its model's. */
export const sizeWords = (inputSize: number, ofModel: number): readonly string[] =>
  inputSize === ofModel ? [] : ['--size', String(inputSize)]

const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
