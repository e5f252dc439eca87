import type { z } from 'zod'
import { zooKeyAnswer, zooTrustAnswer } from './trust-answers.js'
import { zooVerifyAnswer } from './verify-answer.js'
import { zooAttestAnswer } from './zoo-attest-answer.js'
import { zooCacheAnswer } from './zoo-cache-answer.js'
import { zooDiffAnswer } from './zoo-diff-answer.js'
import { zooLintAnswer, zooLintSchemaAnswer } from './zoo-lint-answer.js'
import { zooListAnswer } from './zoo-list-answer.js'
import { zooPublishAnswer } from './zoo-publish-answer.js'
import { zooPullAnswer } from './zoo-pull-answer.js'
import { zooSearchAnswer } from './zoo-search-answer.js'
import { zooShowAnswer } from './zoo-show-answer.js'
import { zooSiteAnswer } from './zoo-site-answer.js'
import { zooGcAnswer, zooRmAnswer } from './zoo-upkeep-answers.js'

/** What each command of this package answers with `--json`; of these docs/json.md is made, in this order. */
export const answers = {
  'zoo list': zooListAnswer,
  'zoo search': zooSearchAnswer,
  'zoo publish': zooPublishAnswer,
  'zoo show': zooShowAnswer,
  'zoo diff': zooDiffAnswer,
  'zoo lint': zooLintAnswer,
  'zoo lint --schema': zooLintSchemaAnswer,
  'zoo verify': zooVerifyAnswer,
  'zoo attest': zooAttestAnswer,
  'zoo key': zooKeyAnswer,
  'zoo trust add': zooTrustAnswer,
  'zoo trust list': zooTrustAnswer,
  'zoo trust rm': zooTrustAnswer,
  'zoo pull': zooPullAnswer,
  'zoo site': zooSiteAnswer,
  'zoo cache': zooCacheAnswer,
  'zoo rm': zooRmAnswer,
  'zoo gc': zooGcAnswer,
} as const satisfies Readonly<Record<string, z.ZodType>>
