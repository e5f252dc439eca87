import { scaleArchitecture } from '@mnas/core/architecture'
import type { Graph, Task } from '@mnas/core/contracts'
import { deployedModel } from '@mnas/core/deployment'
import { graphHash, lower } from '@mnas/core/graph'
import type { BundleContents } from '../contents/read-contents.js'
import { publishErrors } from '../errors.js'

/**
 * Each export is of the network that the weights are of, at its own input size.
 * @throws MNAS_ZOO_EXPORT_STRUCTURE
 */
export function requireStructure({ bundle, exports }: Pick<BundleContents, 'bundle' | 'exports'>, task: Task): void {
  const hashes = new Map<number, string>()
  const hashAt = (size: number) => {
    const known = hashes.get(size) ?? graphHash(deployedAt(bundle, task, size))
    hashes.set(size, known)
    return known
  }
  for (const { facts, path } of exports) {
    const { inputSize, randomWeights } = facts.model
    const expected = hashAt(inputSize)
    const received = randomWeights ? 'random weights' : facts.graphHash
    if (received !== expected)
      throw publishErrors.MNAS_ZOO_EXPORT_STRUCTURE({ file: path, model: bundle.name, expected, received })
  }
}

function deployedAt({ architecture }: BundleContents['bundle'], task: Task, inputSize: number): Graph {
  const sized = inputSize === architecture.input.size ? architecture : scaleArchitecture(architecture, { inputSize })
  return deployedModel(task, lower(sized, task), sized.task.options, {}).graph
}
