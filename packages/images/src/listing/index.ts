export { byCodeUnit, type FolderEntries, filesBelow, readFolder } from './folder-entries.js'
export { OtherKinds, otherKind } from './other-kinds.js'
export { PathPacker, type PathTable, packPaths, pathAt, pathReader, selectPaths } from './path-table.js'
