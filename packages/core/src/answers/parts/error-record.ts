import { z } from 'zod'
import { count } from './numbers.js'

export const errorRecord = z
  .strictObject({
    code: z
      .string()
      .regex(/^MNAS_/)
      .describe('what scripts look at; [errors.md](errors.md) lists all'),
    message: z.string().regex(/^.+$/).describe('one line for people, whose wording may change'),
    exitCode: count.describe('the exit status that this error gives a command'),
  })
  .meta({ id: 'ErrorRecord', description: 'An error.' })
