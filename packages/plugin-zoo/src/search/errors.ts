import { defineErrors } from '@mnas/core/errors'

export const searchErrors = defineErrors({
  MNAS_ZOO_WHERE: {
    exit: 'usage',
    summary: 'A condition of a search is not written as conditions are.',
    message: (d: { text: string; column: number; expected: string; received: string; hint: string }) =>
      `The condition "${d.text}" cannot be read at column ${d.column}. ` +
      `Expected ${d.expected}, received "${d.received}".${d.hint} ` +
      'Write comparisons such as top1>=0.8 && sizeBytes<2MB, joined by &&, || and !.',
  },
  MNAS_ZOO_SEARCH: {
    exit: 'usage',
    summary: 'A search was asked for something that cannot be answered: a latency without a device, an unknown order.',
    message: (d: { what: string; expected: string; received: string; fix: string }) =>
      `Cannot search by ${d.what}. Expected ${d.expected}, received ${d.received}. ${d.fix}`,
  },
})
