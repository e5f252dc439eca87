import { type AnswerOf, version } from '@mnas/core/answers'
import { z } from 'zod'
import { digest } from './parts/zoo-entry.js'

export const zooLintAnswer = z.strictObject({
  version,
  entries: z
    .array(
      z.strictObject({
        file: z.string().describe('its `entry.json`, below what was named'),
        name: z.string().describe('`owner/name`'),
        release: z.string().describe('its version'),
        digest,
        files: z.int().describe('that it names'),
      }),
    )
    .describe('all that were looked at; with something wrong the answer is the first error'),
})
export type ZooLintAnswer = AnswerOf<typeof zooLintAnswer>

export const zooLintSchemaAnswer = z
  .record(z.string(), z.unknown())
  .describe('The JSON Schema itself, as in [entry.schema.json](entry.schema.json); it has no field `version`.')
export type ZooLintSchemaAnswer = AnswerOf<typeof zooLintSchemaAnswer>
