import type { z } from 'zod'
import { zooListAnswer } from './zoo-list-answer.js'
import { zooPublishAnswer } from './zoo-publish-answer.js'
import { zooPullAnswer } from './zoo-pull-answer.js'

/** What each command of this package answers with `--json`; of these docs/json.md is made, in this order. */
export const answers = {
  'zoo list': zooListAnswer,
  'zoo publish': zooPublishAnswer,
  'zoo pull': zooPullAnswer,
} as const satisfies Readonly<Record<string, z.ZodType>>
