export { describeData } from './describe-data.js'
export { type DataSource, type DataSurroundings, openData } from './open-data.js'
export { skippedFilesTeller } from './skipped-files.js'
