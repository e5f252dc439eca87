import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { localExecutor } from '@mnas/core/jobs'
import { type CreateExecutor, executorConformance } from '@mnas/core/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { inProcessExecutor } from './support/in-process-executor.js'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'mnas-executors-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const local: CreateExecutor = async ({ capacity, manifests }) => {
  const folder = await mkdtemp(join(root, 'run-'))
  const data = { folder, cacheFolder: join(root, 'cache'), cacheLimitBytes: 0, workers: 0 }
  return localExecutor({ manifests, folder, data, capacity })
}

describe.each([
  ['local', local],
  ['in-process', inProcessExecutor],
] as const)('the %s executor', (_, create) => {
  for (const { name, run } of executorConformance(create)) it(name, run)
})
