export { describeData } from './describe-data.js'
export { evaluationSplit, splitNames } from './evaluation-split.js'
export { type DataSource, type DataSurroundings, openData } from './open-data.js'
export { skippedFilesTeller } from './skipped-files.js'
