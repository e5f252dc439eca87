export { hashBytes, hashFile, hashJson } from './hash.js'
export { reasonOf, writeAtomic } from './write-atomic.js'
