import { defineErrors } from '@mnas/core/errors'

export const tokenErrors = defineErrors({
  MNAS_ZOO_TOKENS: {
    exit: 'invalid',
    summary: 'The tokens for zoos are not written as they must be, or others may read them.',
    // What was found is not said: it may be a secret.
    message: (d: { source: string; expected: string }) =>
      `The tokens in ${d.source} cannot be used. Expected ${d.expected}, received something else. Correct or remove it.`,
  },
})
