import { defineErrors } from '@mnas/core/errors'

export const showErrors = defineErrors({
  MNAS_ZOO_HISTORY: {
    exit: 'usage',
    summary: 'A history was asked for of a number that no release claims.',
    message: (d: { name: string; received: string; known: readonly string[] }) =>
      `No release of ${d.name} claims "${d.received}". ` +
      `Expected one of ${d.known.join(', ') || 'nothing: there are no claims'}, received "${d.received}". Correct --history.`,
  },
})
