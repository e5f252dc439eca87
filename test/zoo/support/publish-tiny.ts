import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArchitecture } from '@mnas/core/architecture'
import { writeBundle } from '@mnas/core/bundle'
import { initializeWeights, lower } from '@mnas/core/graph'
import { madeUpPublication } from '../../../packages/plugin-zoo/test/support/made-up-publication.js'
import { workspaceRegistry } from '../../device/workspace-registry.js'
import { tinyNetwork } from '../../support/tiny-network.js'

/** A real bundle of the smallest network, with drawn weights, as a release that can be published. */
export async function tinyPublication(name = 'me/tiny', release = '1.0.0', seed = 1) {
  const folder = await mkdtemp(join(tmpdir(), 'mnas-tiny-'))
  try {
    const architecture = parseArchitecture(tinyNetwork, 'the tiny network')
    const task = await workspaceRegistry().get('task', 'classification')
    const bundle = {
      version: 1,
      name: 'tiny',
      architecture,
      task: architecture.task,
      labels: ['a', 'b', 'c', 'd'],
      preprocessing: task.preprocessing,
      metrics: { top1: 0.5 },
      weights: 'raw',
      provenance: { seed },
    } as const
    await writeBundle(join(folder, 'tiny'), bundle, initializeWeights(lower(architecture, task), seed))
    const files = ['model.json', 'weights.safetensors']
    const contents = await Promise.all(files.map((file) => readFile(join(folder, 'tiny', file))))
    return madeUpPublication({ name, release, files: new Map(files.map((file, index) => [file, contents[index]!])) })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
