import { parseArchitecture } from '@mnas/core/architecture'
import { type ModelBundle, writeBundle } from '@mnas/core/bundle'
import { initializeWeights, lower } from '@mnas/core/graph'
import type { Registry } from '@mnas/core/plugins'
import { randomizedStatistics } from '@mnas/core/testing'
import { tinyNetwork } from '../support/tiny-network.js'

/** A bundle that looks trained: its batch norms are far from where they start, so that a wrong fold would show. */
export async function writeRandomBundle(
  folder: string,
  registry: Registry,
  changes: Partial<Pick<ModelBundle, 'labels' | 'preprocessing' | 'metrics' | 'provenance'>> = {},
): Promise<void> {
  const architecture = parseArchitecture(tinyNetwork)
  const task = await registry.get('task', 'classification')
  await writeBundle(
    folder,
    {
      version: 1,
      name: 'tiny-random',
      architecture,
      task: architecture.task as { name: string; options: typeof tinyNetwork.task.options },
      labels: ['a', 'b', 'c', 'd'],
      preprocessing: task.preprocessing,
      metrics: {},
      weights: 'raw',
      provenance: {},
      ...changes,
    },
    randomizedStatistics(initializeWeights(lower(architecture, task), 3), 4),
  )
}
