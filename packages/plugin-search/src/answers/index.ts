// For docs/json.md, tests, and programs that read answers. Commands import types of it alone: they must start quickly.
export { answers } from './answers.js'
export {
  type SearchAskAnswer,
  type SearchNewAnswer,
  type SearchRenewAnswer,
  type SearchTellAnswer,
  searchAskAnswer,
  searchNewAnswer,
  searchRenewAnswer,
  searchTellAnswer,
} from './asked-answers.js'
export { type DemoAnswer, demoAnswer } from './demo-answer.js'
export { type DetectionDemoAnswer, detectionDemoAnswer } from './detection-demo-answer.js'
export { type Candidate, candidate } from './parts/candidate.js'
export { type TrialCounts, trialCounts } from './parts/trial-counts.js'
export { type SearchAnswer, searchAnswer } from './search-answer.js'
export { type SearchDryRunAnswer, searchDryRunAnswer } from './search-dry-run-answer.js'
export { type SearchFrontAnswer, searchFrontAnswer } from './search-front-answer.js'
export { type ComparedNetwork, type SearchLatencyAnswer, searchLatencyAnswer } from './search-latency-answer.js'
export { type SearchProxyAnswer, searchProxyAnswer } from './search-proxy-answer.js'
export { type SearchReportAnswer, searchReportAnswer } from './search-report-answer.js'
export { type SearchShowAnswer, searchShowAnswer, type TrialLine } from './search-show-answer.js'
export { type SearchWatchAnswer, searchWatchAnswer } from './search-watch-answer.js'
