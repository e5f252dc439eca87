export { hashBytes, hashFile, hashJson } from './hash.js'
export { jsonText, requireJsonNumbers } from './json-text.js'
export { reasonOf, removeTemporaries, writeAtomic } from './write-atomic.js'
export { writeFolder } from './write-folder.js'
