import { defineErrors } from '@mnas/core/errors'

/** Mistakes around zoos. What stores may throw is part of their contract: authors of stores use these. */
export const zooErrors = defineErrors({
  MNAS_ZOO_LOCATION: {
    exit: 'usage',
    summary: 'A zoo was named in a way that no store understands.',
    message: (d: { received: string; known: readonly string[] }) =>
      `Where is the zoo? Expected a folder, or an address that begins with ${d.known.join(', ')}; received "${d.received}". ` +
      'See docs/zoo.md.',
  },
})
