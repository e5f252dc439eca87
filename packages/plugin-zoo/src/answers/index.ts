// For docs/json.md, tests, and programs that read answers. Commands import types of it alone: they must start quickly.
export { answers } from './answers.js'
export { type ZooKeyAnswer, type ZooTrustAnswer, zooKeyAnswer, zooTrustAnswer } from './trust-answers.js'
export { type ZooVerifyAnswer, zooVerifyAnswer } from './verify-answer.js'
export { type ZooAttestAnswer, zooAttestAnswer } from './zoo-attest-answer.js'
export { type ZooCacheAnswer, zooCacheAnswer } from './zoo-cache-answer.js'
export { type ZooDiffAnswer, zooDiffAnswer } from './zoo-diff-answer.js'
export {
  type ZooLintAnswer,
  type ZooLintSchemaAnswer,
  zooLintAnswer,
  zooLintSchemaAnswer,
} from './zoo-lint-answer.js'
export { type ZooListAnswer, zooListAnswer } from './zoo-list-answer.js'
export { type ZooPublishAnswer, zooPublishAnswer } from './zoo-publish-answer.js'
export { type ZooPullAnswer, zooPullAnswer } from './zoo-pull-answer.js'
export { type ZooSearchAnswer, zooSearchAnswer } from './zoo-search-answer.js'
export { type ZooShowAnswer, zooShowAnswer } from './zoo-show-answer.js'
export { type ZooSiteAnswer, zooSiteAnswer } from './zoo-site-answer.js'
export { type ZooGcAnswer, type ZooRmAnswer, zooGcAnswer, zooRmAnswer } from './zoo-upkeep-answers.js'
