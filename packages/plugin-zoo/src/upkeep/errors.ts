import { defineErrors } from '@mnas/core/errors'

export const upkeepErrors = defineErrors({
  MNAS_ZOO_REASON: {
    exit: 'usage',
    summary: 'A release was to be withdrawn without saying why.',
    message: (d: { release: string }) =>
      `Why is ${d.release} withdrawn? Expected --reason TEXT, or --undo to take that back; received neither. ` +
      'Say it for those who use it.',
  },
})
