// For docs/json.md, tests, and programs that read answers. Commands import types of it alone: they must start quickly.
export { answers } from './answers.js'
export { type ZooSiteAnswer, zooSiteAnswer } from './zoo-site-answer.js'
