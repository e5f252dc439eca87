import type { z } from 'zod'
import { searchAskAnswer, searchNewAnswer, searchRenewAnswer, searchTellAnswer } from './asked-answers.js'
import { demoAnswer } from './demo-answer.js'
import { detectionDemoAnswer } from './detection-demo-answer.js'
import { searchAnswer } from './search-answer.js'
import { searchDryRunAnswer } from './search-dry-run-answer.js'
import { searchFrontAnswer } from './search-front-answer.js'
import { searchLatencyAnswer } from './search-latency-answer.js'
import { searchProxyAnswer } from './search-proxy-answer.js'
import { searchReportAnswer } from './search-report-answer.js'
import { searchShowAnswer } from './search-show-answer.js'
import { searchWatchAnswer } from './search-watch-answer.js'

/** What each command of this package answers with `--json`; of these docs/json.md is made, in this order. */
export const answers = {
  search: searchAnswer,
  'search --dry-run': searchDryRunAnswer,
  'search front': searchFrontAnswer,
  'search show': searchShowAnswer,
  'search latency': searchLatencyAnswer,
  'search new': searchNewAnswer,
  'search ask': searchAskAnswer,
  'search tell': searchTellAnswer,
  'search renew': searchRenewAnswer,
  'search report': searchReportAnswer,
  'search watch': searchWatchAnswer,
  'search proxy': searchProxyAnswer,
  demo: demoAnswer,
  'demo --detection': detectionDemoAnswer,
} as const satisfies Readonly<Record<string, z.ZodType>>
