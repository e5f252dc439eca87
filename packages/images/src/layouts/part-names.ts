/** What the parts of a data set are for. */
export type Part = 'training' | 'validation' | 'test'

/** How data sets name the folders of their parts: timm's and Ultralytics' lists and what shops export. In lower case. */
const names = {
  training: ['train', 'training', 'trn'],
  validation: ['val', 'valid', 'validation', 'eval', 'evaluation', 'dev'],
  test: ['test', 'testing', 'tst'],
} as const satisfies Readonly<Record<Part, readonly string[]>>

export const parts = ['training', 'validation', 'test'] as const satisfies readonly Part[]

/** Which part a folder of that name is, however it is spelled: `Train`, `VALID`, `test`. */
export function partOf(name: string): Part | undefined {
  const plain = name.normalize('NFC').toLowerCase()
  return parts.find((part) => (names[part] as readonly string[]).includes(plain))
}
