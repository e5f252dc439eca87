import type { z } from 'zod'
import { zooPublishAnswer } from './zoo-publish-answer.js'

/** What each command of this package answers with `--json`; of these docs/json.md is made, in this order. */
export const answers = {
  'zoo publish': zooPublishAnswer,
} as const satisfies Readonly<Record<string, z.ZodType>>
