import { rmSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JobEnd, JobRequest, TrialExecutor, TrialJob } from '@mnas/core/contracts'
import { hashJson } from '@mnas/core/files'
import { localExecutor } from '@mnas/core/jobs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toyJob, toyPlugin, toyRequest } from '#internal/testing/toy-training/toy-job.js'
import { childrenOf } from '../../../../test/support/children-of.js'

let folder: string
let executor: TrialExecutor
const executorOf = (capacity: number, jobs = 'jobs') =>
  localExecutor({
    manifests: [toyPlugin],
    folder: join(folder, jobs),
    data: { folder, cacheFolder: join(folder, 'cache'), cacheLimitBytes: 0, workers: 0 },
    capacity,
  })
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-local-executor-'))
  executor = executorOf(1)
})
afterEach(async () => {
  await executor.close()
  await rm(folder, { recursive: true })
})

const never = new AbortController().signal
const run = (request: JobRequest): Promise<JobEnd> => executor.run(request, () => undefined, never)
const jobFolder = (job: TrialJob) => join(folder, 'jobs', hashJson(job))

describe('the local executor', () => {
  it('leaves of a job its result, and what is kept', async () => {
    const request = toyRequest({}, { keep: [] })
    await run(request)
    expect(await readdir(jobFolder(request.job))).toEqual(['result.json'])
    await run({ ...request, keep: ['weights', 'checkpoint'] })
    expect((await readdir(jobFolder(request.job))).sort()).toEqual(['best.safetensors', 'checkpoint.safetensors', 'result.json'])
  })

  it('names a result that cannot be read', async () => {
    const request = toyRequest()
    await run(request)
    const file = join(jobFolder(request.job), 'result.json')
    await writeFile(file, '{"version": 1}')
    expect(await run(request)).toMatchObject({ kind: 'failed', error: { code: 'MNAS_CHECKPOINT_CORRUPT', exitCode: 6 } })
    // Whoever may not look at it is not told to delete it.
    await rm(file)
    await mkdir(file)
    expect(await run(request)).toMatchObject({ kind: 'failed', error: { code: 'MNAS_FILE_MISSING' } })
  })

  it('gives no bytes but those that were stored', async () => {
    const end = await run(toyRequest())
    const weights = end.kind === 'completed' ? end.result.artefacts.weights! : ''
    await truncate(join(folder, 'jobs', 'blobs', weights.slice(0, 2), weights), 100)
    await expect(executor.blobs.get(weights, join(folder, 'weights'))).rejects.toMatchObject({ code: 'MNAS_BLOB_DAMAGED' })
    expect(await readdir(folder)).not.toContain('weights')
  })

  it('refuses other images than the job was made for', async () => {
    const job = { ...toyJob(), data: hashJson('other images') }
    expect(await run({ ...toyRequest(), job })).toMatchObject({ kind: 'failed', error: { code: 'MNAS_DATA_CHANGED' } })
  })

  it('says of a training that is stopped, too, that its last steps could not be saved', async () => {
    const request = toyRequest({ epochs: 50 })
    const stop = new AbortController()
    const warnings: string[] = []
    const end = executor.run(
      request,
      (heard) => {
        if (heard.kind === 'warning') warnings.push(heard.message)
        else if (!stop.signal.aborted) {
          // In one go: a checkpoint is written after 40 steps, of which this is the first.
          rmSync(jobFolder(request.job), { recursive: true })
          writeFileSync(jobFolder(request.job), '')
          stop.abort(new Error('Ctrl-C'))
        }
      },
      stop.signal,
    )
    await expect(end).rejects.toThrow('Ctrl-C')
    expect(warnings).toEqual([expect.stringMatching(/^What was trained since the last checkpoint is lost: Cannot write /)])
  })

  it.skipIf(process.platform !== 'linux')('loses a job whose process dies, and goes on with it', async () => {
    const request = toyRequest({ epochs: 50 })
    let killed = false
    // A checkpoint is written after each epoch, before the next step.
    const end = await executor.run(
      request,
      (progress) => {
        if (killed || progress.kind !== 'steps' || progress.step <= 80) return
        killed = true
        void childrenOf(process.pid, 'training-process').then(([child]) => process.kill(child!, 'SIGKILL'))
      },
      never,
    )
    expect(end).toMatchObject({ kind: 'lost', error: { code: 'MNAS_TRAIN_WORKER_LOST' } })
    const steps: number[] = []
    const again = await executor.run(request, (heard) => void (heard.kind === 'steps' && steps.push(heard.step)), never)
    expect(steps[0]).toBeGreaterThan(80)
    const other = executorOf(1, 'undisturbed')
    expect(await other.run(request, () => undefined, never)).toEqual(again)
    await other.close()
  })

  it.skipIf(process.platform !== 'linux')('starts no more processes than it may', async () => {
    await executor.close()
    executor = executorOf(2)
    const counts: Promise<readonly number[]>[] = []
    const jobs = [1, 2, 3, 4, 5].map((seed) => {
      let first = true
      const hear = () => {
        if (first) counts.push(childrenOf(process.pid, 'training-process'))
        first = false
      }
      return executor.run(toyRequest({ seed, epochs: 20 }), hear, never)
    })
    expect((await Promise.all(jobs)).map(({ kind }) => kind)).toEqual(Array(5).fill('completed'))
    const most = Math.max(...(await Promise.all(counts)).map(({ length }) => length))
    expect(most).toBeGreaterThanOrEqual(1)
    expect(most).toBeLessThanOrEqual(2)
  })
})
