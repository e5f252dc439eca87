import { z } from 'zod'
import { settingSummaries } from '../config/index.js'
import type { AnswerOf } from './answer-of.js'
import { count } from './parts/numbers.js'
import { version } from './parts/version.js'

const origin = z
  .strictObject({
    kind: z.literal(['default', 'file', 'environment', 'flag']).describe('which place won'),
    source: z.string().describe('path of the file, name of the variable or flag, or `default`'),
  })
  .meta({ id: 'Origin', description: 'Where the value of a setting comes from.' })

const settings = z.strictObject({
  cacheFolder: z.string().describe(settingSummaries.cacheFolder),
  cacheLimit: count.describe('how much decoded pixels may occupy in the cache, in bytes; beyond it images are streamed'),
  engine: z.string().describe(settingSummaries.engine),
  accelerator: z.string().describe(settingSummaries.accelerator),
  device: z.string().describe(settingSummaries.device),
  threads: count.describe(settingSummaries.threads),
  workers: count.describe(settingSummaries.workers),
  progress: z.literal(['auto', 'tty', 'plain', 'jsonl', 'none']).describe(settingSummaries.progress),
  zoos: z.record(z.string(), z.string()).describe('zoos that models are looked for in: folder or address by name'),
})

export const configShowAnswer = z.strictObject({
  version,
  settings: settings.describe('as a command would use them that is called here and now'),
  origins: z.record(z.string(), origin).optional().describe('with `--origin`: of each setting, by its name'),
  file: z
    .string()
    .nullable()
    .optional()
    .describe('with `--origin`: the configuration file that was read, `null` when there is none'),
})
export type ConfigShowAnswer = AnswerOf<typeof configShowAnswer>
