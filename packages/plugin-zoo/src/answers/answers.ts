import type { z } from 'zod'
import { zooCacheAnswer } from './zoo-cache-answer.js'
import { zooListAnswer } from './zoo-list-answer.js'
import { zooPublishAnswer } from './zoo-publish-answer.js'
import { zooPullAnswer } from './zoo-pull-answer.js'
import { zooSearchAnswer } from './zoo-search-answer.js'
import { zooGcAnswer, zooRmAnswer } from './zoo-upkeep-answers.js'

/** What each command of this package answers with `--json`; of these docs/json.md is made, in this order. */
export const answers = {
  'zoo list': zooListAnswer,
  'zoo search': zooSearchAnswer,
  'zoo publish': zooPublishAnswer,
  'zoo pull': zooPullAnswer,
  'zoo cache': zooCacheAnswer,
  'zoo rm': zooRmAnswer,
  'zoo gc': zooGcAnswer,
} as const satisfies Readonly<Record<string, z.ZodType>>
