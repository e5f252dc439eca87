import { join } from 'node:path'
import { parseArchitecture, taskOptionsFor, withTask } from '@mnas/core/architecture'
import type { JobProgress, JobRequest } from '@mnas/core/contracts'
import { lower } from '@mnas/core/graph'
import { localExecutor, planTraining } from '@mnas/core/jobs'
import { fitRecipe } from '@mnas/core/training'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { workspaceRegistry } from '../device/workspace-registry.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { tinyNetwork } from '../support/tiny-network.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder('two-at-once')
})
afterAll(() => folder.remove())

const registry = workspaceRegistry()
const dataOf = (pictures: string) => {
  return { folder: pictures, cacheFolder: join(folder.path, 'cache'), cacheLimitBytes: 2 ** 30, workers: 1 }
}

async function requests(pictures: string): Promise<readonly JobRequest[]> {
  const task = await registry.get('task', 'classification')
  const dataset = await task.open(dataOf(pictures))
  const bare = parseArchitecture(tinyNetwork)
  const architecture = withTask(bare, task.name, taskOptionsFor(bare, task, dataset))
  const recipe = fitRecipe(task.recipes.quick, { epochs: 3, batchSize: 8 }, dataset.size('train'))
  const wish = { engine: 'onnx', accelerator: 'auto', threads: 1 }
  const plan = await planTraining(registry, wish, lower(architecture, task), recipe.batchSize)
  const fidelity = { epochs: 3, scheduleEpochs: 3, inputSize: 32, headFilters: architecture.head.filters }
  const data = dataset.fingerprint
  await dataset.close()
  return [1, 2].map((seed) => {
    const job = { architecture, data, recipe, seed, fidelity, start: { kind: 'scratch' } } as const
    return { job, plan, validate: true, keep: ['weights'] }
  })
}

test('two trainings at once on one cache of pixels end as one after another', async () => {
  const pictures = await smallPictures(join(folder.path, 'pictures'))
  const asked = await requests(pictures)
  const options = { manifests: registry.manifests, data: dataOf(pictures) }
  const { signal } = new AbortController()
  const heard: string[][] = asked.map(() => [])
  const hear = (index: number) => (progress: JobProgress) => void heard[index]!.push(progress.kind)

  const both = localExecutor({ ...options, folder: join(folder.path, 'both'), capacity: 2 })
  const atOnce = await Promise.all(asked.map((request, index) => both.run(request, hear(index), signal)))
  const single = localExecutor({ ...options, folder: join(folder.path, 'single') })
  const inTurn = [await single.run(asked[0]!, () => undefined, signal), await single.run(asked[1]!, () => undefined, signal)]
  await Promise.all([both.close(), single.close()])

  expect(inTurn.map(({ kind }) => kind)).toEqual(['completed', 'completed'])
  expect(atOnce).toEqual(inTurn)
  expect(heard.map((kinds) => kinds.filter((kind) => kind === 'steps').length)).toEqual([expect.any(Number), heard[0]!.length])
})
