import { type Architecture, architectureHash } from '@mnas/core/architecture'
import type { JsonObject, SearchSpace } from '@mnas/core/contracts'
import type { Registry } from '@mnas/core/plugins'
import type { CompletedTrial } from '../../run/records.js'

/**
 * The space that a run chose from. Its width may have been found by the search and is not written down: it is the one at which a genome
 * becomes the architecture that was trained.
 * @returns null when no width does: another version of the space made the run
 * @throws MNAS_NAME_UNKNOWN
 */
export async function spaceOfRun(
  registry: Registry,
  settings: JsonObject,
  trial: CompletedTrial,
  { input, task }: Architecture,
): Promise<SearchSpace | null> {
  const factory = await registry.get('space', String(settings['space']))
  const { width } = settings
  const spaces = (typeof width === 'number' ? [width] : [...factory.widths, 1]).map((one) =>
    factory.create({ width: one, inputSize: input.size, task: { name: task.name, options: task.options as JsonObject } }),
  )
  return spaces.find((space) => decodesTo(space, trial)) ?? null
}

function decodesTo(space: SearchSpace, { genome, candidate }: CompletedTrial): boolean {
  try {
    return architectureHash(space.decode(genome)) === candidate
  } catch {
    return false
  }
}
