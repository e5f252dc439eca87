import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Batch } from '@mnas/core/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { preprocessing } from '#internal/preprocessing.js'
import { readInput } from '#internal/read-input.js'
import { errorCode, picture, pictures, temporaryFolder, writeFiles } from '../../images/test/support/pictures.js'
import { digest, evaluationPlan, never, open, take, trainingPlan } from './support/image-folder.js'

async function folderOf(count: number, labels = ['circle', 'square', 'star']): Promise<string> {
  const folder = await temporaryFolder()
  await writeFiles(folder, await pictures(labels, count))
  return folder
}

/** A JPEG whose header and end are fine and whose code tables are not: only decoding finds out. */
async function spoiled(number: number): Promise<Buffer> {
  const bytes = Buffer.from(await picture(number, 'jpeg', 120, 120))
  const tables = bytes.indexOf(Buffer.from([0xff, 0xc4]))
  return bytes.fill(0xff, tables + 5, tables + 12)
}

describe('batches', () => {
  it('are the same bytes with 0, 1 or 3 workers, from cache or files, wherever they start', async () => {
    const folder = await folderOf(13)
    const cached = await open(folder)
    const streamed = await open(folder, { cacheLimitBytes: 0 })
    const reference = (await take(cached, trainingPlan, 18)).map(digest)
    const perEpoch = cached.batchesPerEpoch(trainingPlan)
    expect(perEpoch).toBe(6)
    expect(new Set(reference).size).toBe(18)
    const cases = fc.record({
      dataset: fc.constantFrom(cached, streamed),
      workers: fc.constantFrom(0, 1, 3),
      start: fc.nat({ max: 14 }),
      count: fc.integer({ min: 1, max: 4 }),
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ dataset, workers, start, count }) => {
        const from = { epoch: Math.floor(start / perEpoch), index: start % perEpoch }
        const batches = await take(dataset, trainingPlan, count, from, workers)
        expect(batches.map(digest)).toEqual(reference.slice(start, start + count))
      }),
      {
        numRuns: 20,
        examples: [cached, streamed].flatMap((dataset) => [0, 1, 3].map((workers) => [{ dataset, workers, start: 4, count: 4 }])),
      },
    )
  })

  it('hold every training example at most once an epoch, in an order that changes with epoch and seed', async () => {
    const dataset = await open(await folderOf(13))
    const order = async (seed: number, epoch: number) =>
      (await take(dataset, { ...trainingPlan, seed }, 6, { epoch, index: 0 })).flatMap(({ examples }) => examples)
    const first = await order(7, 0)
    expect(new Set(first).size).toBe(24)
    expect(Math.max(...first)).toBeLessThan(dataset.size('train'))
    expect(await order(7, 1)).not.toEqual(first)
    expect(await order(8, 0)).not.toEqual(first)
    expect(await order(7, 0)).toEqual(first)
  })

  it('of an evaluation come in order and pad the last one', async () => {
    const dataset = await open(await folderOf(13))
    const batches = await take(dataset, evaluationPlan)
    expect(dataset.size('heldOut')).toBe(6)
    expect(batches.map(({ examples }) => examples)).toEqual([
      [0, 1, 2, 3],
      [4, 5, -1, -1],
    ])
    const { image, labels, weight } = batches[1]!.inputs
    expect([...weight!.data]).toEqual([1, 1, 0, 0])
    expect([...labels!.data]).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    expect(image!.shape).toEqual([4, 24, 24, 3])
    expect(image!.data.subarray(2 * 24 * 24 * 3).every((value) => value === 0)).toBe(true)
    expect(batches.map(({ position }) => position.index)).toEqual([0, 1])
  })

  it('of an exact evaluation are what readInput makes of the file', async () => {
    const folder = await temporaryFolder()
    const names = ['a/1.jpg', 'a/2.jpg', 'a/3.jpg', 'b/1.jpg', 'b/2.jpg', 'b/3.jpg']
    for (const [number, name] of names.entries())
      await writeFiles(folder, { [name]: await picture(number, 'jpeg', 90, 50 + number) })
    const imported = {
      ...preprocessing,
      fit: { kind: 'crop', fraction: 0.75 },
      mean: [124, 116, 104],
      std: [58, 57, 57],
    } as const
    const exact = { ...evaluationPlan, batchSize: 2, decoding: 'exact' } as const
    for (const how of [preprocessing, imported]) {
      const inputs = await Promise.all(names.map((name) => readInput(join(folder, name), 24, how)))
      const all = new Set(inputs.map(({ inputs: { image } }) => image!.data.join()))
      const options = { preprocessing: how }
      for (const dataset of [await open(folder, options), await open(folder, { ...options, cacheLimitBytes: 0 })]) {
        for (const split of ['train', 'heldOut', 'validation'] as const) {
          for (const workers of [0, 1]) {
            const [batch] = await take(dataset, { ...exact, split }, 1, undefined, workers)
            for (const row of [0, 1]) expect(all.has(rowOf(batch!, row))).toBe(true)
          }
        }
      }
    }
  })

  it('replace a file that cannot be decoded by the next readable one in a training, and leave it out of what is judged', async () => {
    const folder = await temporaryFolder()
    await writeFiles(folder, { ...(await pictures(['circle', 'square'], 40)), 'circle/010x.jpg': await spoiled(5) })
    const cached = await open(folder)
    const streamed = await open(folder, { cacheLimitBytes: 0 })
    expect(cached.skipped).toEqual([])
    const batches = await Promise.all(
      (['train', 'heldOut', 'validation'] as const).flatMap((split) => {
        const plan = { ...evaluationPlan, split }
        return [take(cached, plan), take(streamed, plan), take(streamed, plan, undefined, undefined, 2)]
      }),
    )
    for (const start of [0, 3, 6]) {
      expect(batches[start]!.map(digest)).toEqual(batches[start + 1]!.map(digest))
      expect(batches[start]!.map(digest)).toEqual(batches[start + 2]!.map(digest))
    }
    const examples = [0, 3, 6].map((start) => batches[start]!.flatMap((batch) => batch.examples))
    const holes = examples.flatMap((indices) =>
      indices.filter((example, place) => example < 0 && (indices[place + 1] ?? -1) >= 0),
    )
    expect(holes).toHaveLength(1)
    expect(
      examples.every((indices) => new Set(indices.filter((one) => one >= 0)).size === indices.filter((one) => one >= 0).length),
    ).toBe(true)
    const whole = cached.size('train') + cached.size('heldOut') + cached.size('validation')
    expect(examples.flat().filter((example) => example >= 0)).toHaveLength(whole - 1)
    for (const split of ['train', 'heldOut', 'validation'] as const) {
      const plan = { ...trainingPlan, split, batchSize: 2 }
      const trained = await take(cached, plan, cached.batchesPerEpoch(plan))
      expect(trained.flatMap((batch) => batch.examples).every((example) => example >= 0)).toBe(true)
    }
    for (const { skipped } of [cached, streamed]) {
      expect(skipped).toEqual([{ file: 'circle/010x.jpg', reason: expect.stringMatching(/corrupt/i) }])
    }
  })

  it('decoded again are cut from the same pixels, with the whole of the picture no longer decoded', async () => {
    const dataset = await open(await folderOf(13), { cacheLimitBytes: 0 })
    const whole = (await take(dataset, trainingPlan, 12)).map(digest)
    expect((await take(dataset, trainingPlan, 12)).map(digest)).toEqual(whole)
    expect((await take(dataset, trainingPlan, 12, undefined, 2)).map(digest)).toEqual(whole)
  })

  it('end with MNAS_DATA_BROKEN when decoding finds too many unreadable files', async () => {
    const folder = await temporaryFolder()
    const broken = { 'circle/x1.jpg': await spoiled(1), 'square/x2.jpg': await spoiled(2) }
    await writeFiles(folder, { ...(await pictures(['circle', 'square'], 10)), ...broken })
    const all = async (cacheLimitBytes: number) => {
      const dataset = await open(folder, { cacheLimitBytes })
      for (const split of ['train', 'heldOut', 'validation'] as const) await take(dataset, { ...evaluationPlan, split })
    }
    expect(await errorCode(all(1e9))).toBe('MNAS_DATA_BROKEN')
    expect(await errorCode(all(0))).toBe('MNAS_DATA_BROKEN')
  })

  it('stop at an abort with its reason', async () => {
    const folder = await folderOf(6)
    for (const workers of [0, 2]) {
      const dataset = await open(folder)
      const controller = new AbortController()
      const consume = async () => {
        for await (const { position } of dataset.batches(trainingPlan, { epoch: 0, index: 0 }, workers, controller.signal)) {
          if (position.epoch === 1) controller.abort(new Error('enough'))
        }
      }
      await expect(consume()).rejects.toThrow('enough')
      await expect(consume()).rejects.toThrow('enough')
    }
  })

  it('are made at most workers + 2 ahead of their consumer, each under whileWorking', async () => {
    let started = 0
    const whileWorking = <T>(work: () => Promise<T>) => {
      started++
      return work()
    }
    const dataset = await open(await folderOf(6), { whileWorking, cacheLimitBytes: 0 })
    for (const [workers, ahead] of [
      [0, 0],
      [2, 4],
    ] as const) {
      started = 0
      let received = 0
      for await (const _ of dataset.batches(trainingPlan, { epoch: 0, index: 0 }, workers, never)) {
        received++
        await new Promise(setImmediate)
        expect(started).toBe(received + ahead)
        if (received === 9) break
      }
    }
  })

  it('need at least one full batch to train', async () => {
    const dataset = await open(await folderOf(3))
    const plan = { ...trainingPlan, batchSize: 8 }
    expect(dataset.size('train')).toBe(3)
    expect(() => dataset.batchesPerEpoch(plan)).toThrow(/at most 3 images.*received 8/)
    expect(await errorCode(take(dataset, plan, 1))).toBe('MNAS_DATA_BATCH')
  })

  it('name a wrong augmentation', async () => {
    const dataset = await open(await folderOf(3))
    const wrong = take(
      dataset,
      { ...trainingPlan, batchSize: 2, augmentation: { crop: { area: [0.5, 0.1], aspect: [1, 1] } } },
      1,
    )
    await expect(wrong).rejects.toThrow(/crop\.area: expected \[low, high\]/)
    expect(await errorCode(take(dataset, { ...trainingPlan, augmentation: { cutout: 0.2 } }, 1))).toBe('MNAS_DATA_AUGMENTATION')
  })

  it('survive files that vanish while they are streamed', async () => {
    const folder = await folderOf(13)
    const dataset = await open(folder, { cacheLimitBytes: 0 })
    await writeFile(join(folder, 'circle/000.jpeg'), 'gone')
    const plans = (['train', 'heldOut', 'validation'] as const).map((split) => take(dataset, { ...evaluationPlan, split }))
    expect((await Promise.all(plans)).flat().length).toBeGreaterThan(5)
    expect(dataset.skipped.map(({ file }) => file)).toEqual(['circle/000.jpeg'])
  })
})

function rowOf({ inputs: { image } }: Batch, row: number): string {
  const length = image!.shape.slice(1).reduce((product, side) => product * side, 1)
  return image!.data.subarray(row * length, (row + 1) * length).join()
}
