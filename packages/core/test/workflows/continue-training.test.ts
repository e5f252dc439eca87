import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionPlan, Task, TrainingEngine, TrialJob } from '@mnas/core/contracts'
import type { Registry } from '@mnas/core/plugins'
import { checkpointFile } from '@mnas/core/training'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toyImages } from '#internal/testing/toy-training/toy-images.js'
import { toyJob } from '#internal/testing/toy-training/toy-job.js'
import toyTask from '#internal/testing/toy-training/toy-task.js'
import { jobFolder, type PlannedJob, recordTraining } from '#internal/workflows/training/train-settings.js'
import { continueTraining, type StartOf } from '#internal/workflows/training/training-start.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-continue-'))
  await mkdir(jobFolder(folder), { recursive: true })
  await writeFile(checkpointFile(jobFolder(folder)), 'the state at its end')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const fast: ExecutionPlan = { engine: 'fake', mode: 'fast', accelerator: 'cpu', threads: 2 }
const job: TrialJob = { ...toyJob(), recipe: { ...toyJob().recipe, batchSize: 16 } }

/** Its fast mode takes whole eights. */
const engine = {
  name: 'fake',
  plan: async (wish, _model, batchSize) => ({ ...fast, mode: batchSize % 8 === 0 ? 'fast' : 'standard', ...wish }),
} as Partial<TrainingEngine> as TrainingEngine
const registry = { get: async () => engine } as unknown as Registry

/** The plan with which a training of batches of 16 goes on. */
async function planOn(images: number, recorded: ExecutionPlan, begun: PlannedJob | null = null): Promise<ExecutionPlan> {
  await recordTraining(folder, { job, plan: recorded })
  const model = { folder, argument: 'model', bundle: { labels: toyImages.labels } } as unknown as StartOf<'continue'>['model']
  const dataset = { ...toyImages, size: () => images }
  const task = toyTask as Task
  const { plan } = await continueTraining({ kind: 'continue', model }, { registry, task, dataset, dataFolder: folder, begun })
  return plan
}

test('a continued training keeps the plan of the bundle', async () => {
  expect(await planOn(80, fast)).toEqual(fast)
  const standard: ExecutionPlan = { ...fast, mode: 'standard' }
  expect(await planOn(80, standard)).toEqual(standard)
})

test('but not the fast mode for a batch of fewer images that it does not take', async () => {
  expect(await planOn(12, fast)).toEqual({ ...fast, mode: 'standard' })
})

test('begun before, it keeps its own', async () => {
  const own = { job, plan: { ...fast, threads: 5 } }
  expect(await planOn(12, fast, own)).toEqual(own.plan)
})
