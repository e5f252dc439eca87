import type { Hash } from '../contracts/index.js'
import { hashJson } from '../files/index.js'
import type { Architecture } from './architecture.js'

/** Identity of a candidate: the architecture without its name. */
export function architectureHash(architecture: Architecture): Hash {
  return hashJson({ ...architecture, name: undefined })
}
