import { defineErrors } from '@mnas/core/errors'

export const attestErrors = defineErrors({
  MNAS_ZOO_ATTEST_NOTHING: {
    exit: 'usage',
    summary: 'Nothing was measured that could be attested.',
    message: (d: { entry: string }) =>
      `There is nothing to attest of ${d.entry}. Expected images or a device to measure on, received neither, or none ` +
      'that fits its claims. Give --data DIR or --device DEVICE; "mnas zoo verify" shows why claims cannot be compared.',
  },
})
