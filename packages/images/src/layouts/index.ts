export { findLabelList, type LabelList } from './label-list.js'
export { type Part, parts } from './part-names.js'
export { type Layout, type PartFolder, recogniseLayout } from './recognise-layout.js'
export { sharedSubfolders } from './shared-subfolders.js'
