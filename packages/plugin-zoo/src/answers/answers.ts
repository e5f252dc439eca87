import type { z } from 'zod'
import { zooSiteAnswer } from './zoo-site-answer.js'

/** What each command of this package answers with `--json`; of these docs/json.md is made, in this order. */
export const answers = {
  'zoo site': zooSiteAnswer,
} as const satisfies Readonly<Record<string, z.ZodType>>
