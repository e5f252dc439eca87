import type { JsonObject, LayerDistance } from '@mnas/core/contracts'
import { integerForms } from '../quantization/integer-ops.js'
import { type Candidate, type CandidateRequest, candidatesFor } from './candidates.js'
import { distanceOf, type Trial } from './nearest-file.js'

/**
 * How far an int8 file's answers are when one layer alone computes in integers, the farthest first. Layers that only move
 * values have no part in it.
 * @param recipe of the file; of another precision none is told
 */
export async function layerDistances(
  request: CandidateRequest,
  trial: Trial,
  recipe: JsonObject,
  report: (done: number, total: number) => void,
): Promise<readonly LayerDistance[]> {
  const { calibration, precision } = request
  if (!calibration || precision !== 'int8') return []
  const candidates = (await candidatesFor(request)).flatMap((one) => [one, ...(one.variants ?? [])])
  const candidate = candidates.find((one) => isOf(one, recipe))
  if (!candidate?.alone) return []
  const values = layersThatCompute(request)
  const found: LayerDistance[] = []
  for (const [index, node] of values.entries()) {
    const distance = await distanceOf(await candidate.alone(node), calibration, trial)
    if (distance === null) return []
    found.push({ node, distance })
    report(index + 1, values.length)
  }
  return found.sort((a, b) => b.distance - a.distance)
}

const isOf = ({ recipe }: Candidate, wanted: JsonObject) =>
  Object.entries(recipe).every(([name, value]) => wanted[name] === value)

/** By the names of their values, which are those of graph nodes. */
function layersThatCompute({ layers, lower }: CandidateRequest): readonly string[] {
  const { operators, tensors } = lower(layers)
  const computing = operators.filter(({ op }) => integerForms[op] !== undefined && integerForms[op].kind !== 'same')
  return computing.map(({ outputs }) => tensors[outputs[0]!]!.name)
}
