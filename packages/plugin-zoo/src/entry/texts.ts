import { z } from 'zod'

/** What a text may not hold: it commands a terminal. */
export const textRule = 'a text without control characters, but ends of lines and tabs'
export const lineRule = 'one line without control characters'

const inText = /[^\P{Cc}\n\t]/u
const inLine = /[\p{Cc}\p{Zl}\p{Zp}]/u

/** What somebody else wrote, for people: paragraphs. */
export const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((said) => !inText.test(said), textRule)

/** A name, a word. */
export const oneLine = (most: number) =>
  z
    .string()
    .max(most)
    .refine((said) => !inLine.test(said), lineRule)

/** Of a page. */
export const address = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((said) => !inLine.test(said), lineRule)
