import { type PathTable, pathAt } from '#internal/listing/path-table.js'

export const pathsOf = (paths: PathTable): readonly string[] => Array.from(paths.ends, (_, index) => pathAt(paths, index))
