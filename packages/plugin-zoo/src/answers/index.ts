// For docs/json.md, tests, and programs that read answers. Commands import types of it alone: they must start quickly.
export { answers } from './answers.js'
export { type ZooPublishAnswer, zooPublishAnswer } from './zoo-publish-answer.js'
