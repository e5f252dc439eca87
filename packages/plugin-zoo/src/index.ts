export { type EntryFile, entryLimits, entrySchema, type FileRole, fileRoles, type ZooEntry } from './entry/entry-schema.js'
export { zooErrors } from './errors.js'
