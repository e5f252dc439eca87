export { byCodeUnit, filesBelow, foldersIn } from './folder-entries.js'
export { PathPacker, type PathTable, packPaths, pathAt, pathReader, selectPaths } from './path-table.js'
