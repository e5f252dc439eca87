import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { architectureHash } from '@mnas/core/architecture'
import type { TrialJob } from '@mnas/core/contracts'
import { createReporter } from '@mnas/core/events'
import { costsOf, lower } from '@mnas/core/graph'
import classification from '@mnas/plugin-classification'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { leaseCheck } from '#internal/proxy-check/check-file.js'
import { networkJobs } from '#internal/proxy-check/check-jobs.js'
import { diverseNetworks } from '#internal/proxy-check/diverse-networks.js'
import { spreadOrder } from '#internal/proxy-check/spread-order.js'
import { trainNetworks } from '#internal/proxy-check/train-networks.js'
import mnasnet from '#internal/space/mnasnet-space.js'
import { completing, executor, fractionOf, taskOptions } from '../support/made-up-search.js'

const task = { name: 'classification', options: taskOptions }
const space = mnasnet.create({ width: 0.35, inputSize: 64, task })
const architectures = diverseNetworks(space, classification, 4, 1)
const terms = {
  reference: { epochs: 8, inputSize: 64 },
  proxies: [
    { epochs: 1, inputSize: 48 },
    { epochs: 4, inputSize: 64 },
  ],
  ...{ proxyHeadFilters: 256, data: 'data', seed: 5 },
  recipeOf: (epochs: number) => ({ epochs }),
}
const networks = architectures.map((architecture) => networkJobs(architecture, terms))
const plan = { engine: 'none', mode: 'standard', accelerator: 'cpu', threads: 1 } as const
const failing = { kind: 'failed', error: { code: 'MNAS_TRAIN_DIVERGED', message: 'It diverged.', exitCode: 6 } } as const

/** @param begins how many trainings may begin */
function train(work: ReturnType<typeof executor>, begins = Number.POSITIVE_INFINITY) {
  let left = begins
  const hasTime = () => left-- > 0
  const { signal } = new AbortController()
  return trainNetworks({ networks, executor: work, plan, hasTime, reporter: createReporter('silent'), signal })
}

describe('networks of a check', () => {
  it('differ in what they cost, and are the same for the same seed', () => {
    const macs = architectures.map((architecture) => costsOf(lower(architecture, classification)).macs)
    expect(macs).toEqual(macs.toSorted((a, b) => a - b))
    expect(macs[3]! / macs[0]!).toBeGreaterThan(1.3)
    expect(diverseNetworks(space, classification, 4, 1)).toEqual(architectures)
  })

  it('come in an order of which every beginning is spread evenly', () => {
    expect(spreadOrder(3)).toEqual([0, 2, 1])
    for (let count = 1; count <= 40; count++) {
      const order = spreadOrder(count)
      expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, at) => at))
      for (let begun = 2; begun <= count; begun++) {
        const places = order.slice(0, begun).sort((a, b) => a - b)
        const gaps = places.slice(1).map((place, at) => place - places[at]!)
        expect([places[0], places.at(-1)]).toEqual([0, count - 1])
        expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * Math.min(...gaps) + 1)
      }
    }
  })

  it('are trained with two seeds as they are deployed, and with a third one as each proxy says', () => {
    const [{ references, proxies }] = networks as [(typeof networks)[number]]
    const said = ({ seed, fidelity, recipe }: TrialJob) => [
      seed,
      fidelity.epochs,
      fidelity.inputSize,
      fidelity.headFilters,
      recipe,
    ]
    const head = architectures[0]!.head.filters
    expect(references.map(said)).toEqual([5, 6].map((seed) => [seed, 8, 64, head, { epochs: 8 }]))
    expect(proxies.map(said)).toEqual([
      [7, 1, 48, 256, { epochs: 1 }],
      [7, 4, 64, 256, { epochs: 4 }],
    ])
  })

  it('are all that were done when the time is over, the smallest and the largest first', async () => {
    const work = executor(completing)
    const { complete, failed } = await train(work, 10)
    expect({ complete: complete.length, failed, begun: work.jobs.length }).toEqual({ complete: 2, failed: 0, begun: 10 })
    const smallestAndLargest = [architectures[0]!, architectures[3]!].map((one) => fractionOf(architectureHash(one)))
    expect(complete.map(({ references }) => references[0]!['top1'])).toEqual(smallestAndLargest)
    const all = await train(work)
    expect(all.complete).toHaveLength(4)
    expect(all.complete.slice(0, 2)).toEqual(complete)
    for (const { references, proxies } of all.complete) expect([references.length, proxies.length]).toEqual([2, 2])
  })

  it('are left out when one of their trainings fails', async () => {
    const [, second] = architectures
    const work = executor((job) => (job.architecture === second && job.fidelity.epochs === 1 ? failing : completing(job)))
    const { complete, failed } = await train(work)
    expect({ complete: complete.length, failed, begun: work.jobs.length }).toEqual({ complete: 3, failed: 1, begun: 15 })
  })
})

describe('the folder of a check', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mnas-check-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('goes on under the settings that it was begun with', async () => {
    const out = join(folder, 'check')
    const first = await leaseCheck(out, { size: 64 })
    expect(first.existing).toBeNull()
    await expect(leaseCheck(out, { size: 64 })).rejects.toMatchObject({ code: 'MNAS_RUN_LOCKED' })
    await first.create({ settings: { size: 64 }, epochs: 8, plan })
    first.release()
    const second = await leaseCheck(out, { size: 64 })
    expect(second.existing).toMatchObject({ epochs: 8, plan })
    second.release()
    await expect(leaseCheck(out, { size: 96 })).rejects.toMatchObject({
      code: 'MNAS_RUN_SETTINGS',
      message: expect.stringContaining('size is 64 in the run and 96 now'),
    })
  })

  it('is no folder of somebody else, and not damaged', async () => {
    await writeFile(join(folder, 'mine.txt'), '')
    await expect(leaseCheck(folder, {})).rejects.toMatchObject({ code: 'MNAS_RUN_FOLDER' })
    const path = join(folder, 'check', 'proxy-check.json')
    await writeFile(path, (await readFile(path, 'utf8')).replace('"epochs": 8', '"epochs": 0'))
    await expect(leaseCheck(join(folder, 'check'), { size: 64 })).rejects.toMatchObject({ code: 'MNAS_RUN_CORRUPT' })
  })
})
