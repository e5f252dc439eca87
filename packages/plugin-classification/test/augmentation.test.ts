import { batchRandom, exampleRandom } from '@mnas/images/random'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changePixels } from '#internal/augmentation/augmentation.js'
import { resolveClassWeights } from '#internal/augmentation/class-weights.js'
import { mixingShare, mixRows } from '#internal/augmentation/mixup.js'
import { errorCode, pictures, temporaryFolder, writeFiles } from '../../images/test/support/pictures.js'
import { digest, open, take, trainingPlan } from './support/image-folder.js'

const size = 6
const noise = (seed = 1) =>
  Uint8Array.from({ length: size * size * 3 }, (_, index) => (Math.imul(index + seed, 2654435761) >>> 24) & 0xff)
describe('random changes', () => {
  const changed = (augmentation: Parameters<typeof changePixels>[2], seed: number, epoch = 0) => {
    const pixels = noise()
    changePixels(pixels, size, augmentation, exampleRandom(seed, epoch, 0))
    return pixels.join()
  }
  const jitter = { colorJitter: { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 } }
  const augment = { randAugment: { operations: 2, magnitude: 9 } }

  it.each([jitter, augment, { ...jitter, ...augment }])('are drawn from (seed, epoch, example): %o', (augmentation) => {
    const many = Array.from({ length: 40 }, (_, seed) => changed(augmentation, seed))
    expect(new Set(many).size).toBeGreaterThan(30)
    expect(changed(augmentation, 3)).toBe(many[3])
    expect(changed(augmentation, 3, 1)).not.toBe(many[3])
  })

  it('of strength 0 are none, but for what has no strength', () => {
    expect(changed({ colorJitter: { brightness: 0, hue: 0 } }, 1)).toBe(noise().join())
    const unchanged = Array.from({ length: 60 }, (_, seed) => changed({ randAugment: { operations: 1, magnitude: 0 } }, seed))
    expect(unchanged.filter((pixels) => pixels === noise().join()).length).toBeGreaterThan(35)
  })
})

describe('Mixup', () => {
  it('mixes each row with the one that mirrors it', () => {
    const rows = {
      image: Float32Array.of(1, 2, 3, 4, 5, 6),
      labels: Float32Array.of(1, 0, 0, 1, 0, 1),
      weight: Float32Array.of(1, 1, 3),
    }
    mixRows(rows, 3, 0.75)
    expect([...rows.image]).toEqual([2, 3, 3, 4, 4, 5])
    expect([...rows.labels]).toEqual([0.75, 0.25, 0, 1, 0.25, 0.75])
    expect([...rows.weight]).toEqual([1.5, 1, 2.5])
  })

  it('draws shares with the moments of Beta(α, α)', () => {
    for (const alpha of [0.2, 1]) {
      const shares = Array.from({ length: 4000 }, (_, index) => mixingShare(alpha, batchRandom(1, 0, index)))
      const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
      const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / shares.length
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.02)
      expect(Math.abs(variance - 1 / (4 * (2 * alpha + 1)))).toBeLessThan(0.01)
    }
  })
})

describe('class weights', () => {
  it('make all classes count alike, or as they are told', () => {
    expect(resolveClassWeights('balanced', ['a', 'b', 'c'], [30, 10, 20])).toEqual([2 / 3, 2, 1])
    expect(resolveClassWeights('balanced', ['a', 'b', 'c'], [30, 0, 10])).toEqual([2 / 3, 1, 2])
    expect(resolveClassWeights({ b: 3 }, ['a', 'b'], [1, 1])).toEqual([1, 3])
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 2, maxLength: 9 }), (counts) => {
        const labels = counts.map((_, index) => String(index))
        const weights = resolveClassWeights('balanced', labels, counts)
        const total = counts.reduce((sum, count, index) => sum + count * weights[index]!, 0)
        expect(total).toBeCloseTo(
          counts.reduce((sum, count) => sum + count, 0),
          6,
        )
      }),
    )
  })
})

describe('batches with everything', () => {
  const everything = {
    ...trainingPlan,
    augmentation: {
      ...trainingPlan.augmentation,
      colorJitter: { brightness: 0.4, hue: 0.1 },
      randAugment: { operations: 2, magnitude: 7 },
      mixup: { alpha: 0.4 },
      classWeights: { star: 2 },
    },
  }

  it('stay a function of (plan, position, files): same bytes from cache or files, whatever the workers', async () => {
    const folder = await temporaryFolder()
    await writeFiles(folder, await pictures(['circle', 'square', 'star'], 13))
    const [cached, streamed] = [await open(folder), await open(folder, { cacheLimitBytes: 0 })]
    const reference = (await take(cached, everything, 8)).map(digest)
    expect(new Set(reference).size).toBe(8)
    for (const [dataset, workers] of [
      [streamed, 0],
      [cached, 2],
      [streamed, 1],
    ] as const) {
      expect((await take(dataset, everything, 3, { epoch: 0, index: 4 }, workers)).map(digest)).toEqual(reference.slice(4, 7))
    }
  })

  it('carry soft labels and weights', async () => {
    const folder = await temporaryFolder()
    await writeFiles(folder, await pictures(['circle', 'square', 'star'], 13))
    const batches = await take(await open(folder), everything, 6)
    const shares = new Set<number>()
    for (const { inputs } of batches) {
      const labels = inputs['labels']!.data
      for (let row = 0; row < 4; row++) {
        const own = [...labels.subarray(3 * row, 3 * row + 3)]
        expect(own.reduce((sum, label) => sum + label, 0)).toBeCloseTo(1, 5)
        for (const label of own) shares.add(label)
        expect(inputs['weight']!.data[row]).toBeCloseTo(1 + own[2]!, 5)
      }
    }
    expect(shares.size).toBeGreaterThan(4)
  })

  it('refuse a class weight for a label that is not there', async () => {
    const folder = await temporaryFolder()
    await writeFiles(folder, await pictures(['circle', 'square'], 5))
    const taking = take(await open(folder), everything, 1)
    await expect(taking).rejects.toThrow(/classWeights\.star: the labels are circle, square/)
    expect(await errorCode(take(await open(folder), everything, 1))).toBe('MNAS_DATA_AUGMENTATION')
  })
})
