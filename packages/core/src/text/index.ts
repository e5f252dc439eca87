export { formatHeadline, formatMetric } from './format-metric.js'
export { formatTable } from './format-table.js'
export { settingsInWords } from './settings-in-words.js'
