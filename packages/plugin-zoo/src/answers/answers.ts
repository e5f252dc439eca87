import type { z } from 'zod'
import { zooDiffAnswer } from './zoo-diff-answer.js'
import { zooLintAnswer, zooLintSchemaAnswer } from './zoo-lint-answer.js'
import { zooPublishAnswer } from './zoo-publish-answer.js'
import { zooShowAnswer } from './zoo-show-answer.js'

/** What each command of this package answers with `--json`; of these docs/json.md is made, in this order. */
export const answers = {
  'zoo publish': zooPublishAnswer,
  'zoo show': zooShowAnswer,
  'zoo diff': zooDiffAnswer,
  'zoo lint': zooLintAnswer,
  'zoo lint --schema': zooLintSchemaAnswer,
} as const satisfies Readonly<Record<string, z.ZodType>>
