import { z } from 'zod'
import type { AnswerOf } from './answer-of.js'
import { errorRecord } from './parts/error-record.js'
import { version } from './parts/version.js'

export const failureAnswer = z
  .strictObject({ version, error: errorRecord.describe('its `exitCode` is the exit status of the command') })
  .describe('What every command answers that could not do what it was asked for.')
export type FailureAnswer = AnswerOf<typeof failureAnswer>
