import type { AskedFile, BatchPlan, Dataset, Graph, PostProcessing, Preprocessing, Tensor, Tensors } from '@mnas/core/contracts'
import { syntheticBatches, type VerificationBatch, validationBatches, verifyFiles } from '@mnas/core/deployment'
import { GraphBuilder } from '@mnas/core/graph'
import { testFile } from '@mnas/core/testing'
import { describe, expect, it } from 'vitest'

const file = testFile()
const whileWorking = <T>(work: () => Promise<T>) => work()
const origin = { block: 'head', layer: 0, role: 'test' } as const
const tensor = (shape: readonly number[], values: readonly number[]): Tensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(values),
})

/** image [3] → softmax → probabilities. */
function classifier(): Graph {
  const builder = new GraphBuilder()
  builder.input('image', { shape: [3], dtype: 'float32', batched: true })
  builder.output('probabilities', builder.add('softmax', { id: 'last', inputs: ['image'], attributes: {}, origin }))
  return builder.build()
}

/** The "engine" passes probabilities through; so the images are the expected answers. */
const session = { run: async ({ image }: Tensors): Promise<Tensors> => ({ probabilities: image! }) }

async function* batchesOf(...batches: readonly VerificationBatch[]): AsyncGenerator<VerificationBatch> {
  yield* batches
}

const twoImages = () =>
  batchesOf(
    { inputs: { image: tensor([2, 3], [0.7, 0.2, 0.1, 9, 9, 9]), labels: tensor([2, 1], [0, 0]) }, examples: [0, -1] },
    { inputs: { image: tensor([2, 3], [9, 9, 9, 0.1, 0.3, 0.6]) }, examples: [-1, 1] },
  )

/** A runtime whose answer to each image is `change` of it. */
const runtime = (change: (values: Float32Array, index: number) => Tensors) =>
  async function* (_file: AskedFile, inputs: AsyncIterable<Tensors>) {
    let index = 0
    for await (const { image, ...others } of inputs) {
      expect(Object.keys(others)).toEqual([])
      expect(image!.shape).toEqual([1, 3])
      yield change(image!.data as Float32Array, index++)
    }
  }
const answer = (values: Iterable<number>): Tensors => ({ probabilities: tensor([1, 3], [...values]) })

/** Notes what it is given. */
function listener() {
  const heard: (readonly [Tensors, Tensors])[] = []
  return { heard, agreement: { add: (engine: Tensors, file: Tensors) => void heard.push([engine, file]) } }
}

describe('verifyFiles', () => {
  it('hands on both answers to each image, leaves out padded rows, and counts', async () => {
    const done: number[] = []
    const { heard, agreement } = listener()
    const infer = runtime((values, index) => answer(index === 0 ? values : [0.6, 0.3, 0.1]))
    const report = (images: number) => done.push(images)
    const files = [{ file, infer, agreement }]
    expect(await verifyFiles({ graph: classifier(), session, files, batches: twoImages(), whileWorking, report })).toBe(2)
    expect(done).toEqual([1, 2])
    expect(heard).toEqual([
      [answer([0.7, 0.2, 0.1]), answer([0.7, 0.2, 0.1])],
      [answer([0.1, 0.3, 0.6]), answer([0.6, 0.3, 0.1])],
    ])
  })

  it('asks the engine once for each image, whatever the number of files', async () => {
    let asked = 0
    const counting = {
      run: async (inputs: Tensors) => {
        asked++
        return session.run(inputs)
      },
    }
    const [exact, other] = [listener(), listener()]
    const files = [
      { file, infer: runtime((values) => answer(values)), agreement: exact.agreement },
      { file, infer: runtime(() => answer([1, 0, 0])), agreement: other.agreement },
    ]
    expect(await verifyFiles({ graph: classifier(), session: counting, files, batches: twoImages(), whileWorking })).toBe(2)
    expect(asked).toBe(2)
    expect(exact.heard.map(([, actual]) => actual)).toEqual([answer([0.7, 0.2, 0.1]), answer([0.1, 0.3, 0.6])])
    expect(other.heard.map(([, actual]) => actual)).toEqual([answer([1, 0, 0]), answer([1, 0, 0])])
  })

  describe('of files that do something behind the graph', () => {
    const postProcessing: PostProcessing = {
      ...{ operator: 'Sort', reads: ['probabilities'], constants: [], options: {} },
      outputs: [
        { name: 'sorted', shape: [1, 2], dtype: 'float32', content: { kind: 'scores' } },
        { name: 'count', shape: [1], dtype: 'float32', content: { kind: 'count' } },
      ],
    }
    /** Of the second row it says nothing. */
    const sorted = { sorted: tensor([1, 2], [0.5, Number.NaN]), count: tensor([1], [1]) }

    it('hands on the raw answer of the engine and that of the file, whose empty rows may hold anything', async () => {
      const { heard, agreement } = listener()
      const files = [{ file, infer: runtime(() => sorted), agreement, postProcessing }]
      expect(await verifyFiles({ graph: classifier(), session, files, batches: twoImages(), whileWorking })).toBe(2)
      expect(heard[0]).toEqual([answer([0.7, 0.2, 0.1]), sorted])
    })

    it('names a file that gives other outputs than the operator', async () => {
      const files = [{ file, infer: runtime((values) => answer(values)), ...listener(), postProcessing }]
      const end = verifyFiles({ graph: classifier(), session, files, batches: twoImages(), whileWorking })
      await expect(end).rejects.toMatchObject({
        code: 'MNAS_DEPLOY_OUTPUT',
        message: expect.stringContaining('output "sorted" of 2 values, received "probabilities" of 3 values'),
      })
    })
  })

  it.each([
    ['another length', runtime(() => ({ probabilities: tensor([1, 2], [0.5, 0.5]) }))],
    ['another name', runtime(() => ({ scores: tensor([1, 3], [1, 0, 0]) }))],
    ['NaN', runtime(() => answer([Number.NaN, 0.2, 0.1]))],
    [
      'fewer answers',
      async function* (_: AskedFile, inputs: AsyncIterable<Tensors>) {
        for await (const _image of inputs) yield* []
      },
    ],
  ])('names a runtime that gives %s', async (_, infer) => {
    await expect(
      verifyFiles({ graph: classifier(), session, files: [{ file, infer, ...listener() }], batches: twoImages(), whileWorking }),
    ).rejects.toMatchObject({ code: 'MNAS_DEPLOY_OUTPUT' })
  })
})

/** A dataset of `size` validation examples whose image holds nothing but its index, which is its identity too. */
function numberedDataset(size: number): Pick<Dataset, 'size' | 'identities' | 'batchesPerEpoch' | 'batches'> {
  return {
    size: () => size,
    identities: () => BigUint64Array.from({ length: size }, (_, index) => BigInt(index)),
    batchesPerEpoch: ({ batchSize }: BatchPlan) => Math.ceil(size / batchSize),
    async *batches({ batchSize, split }: BatchPlan, from) {
      expect(split).toBe('validation')
      for (let index = from.index; index * batchSize < size; index++) {
        const examples = Array.from({ length: batchSize }, (_, row) => index * batchSize + row).map((i) => (i < size ? i : -1))
        yield { position: { epoch: 0, index }, inputs: {}, examples }
      }
    },
  }
}

async function examplesOf(size: number, images: number, except: readonly number[] = []): Promise<readonly number[]> {
  const dataset = numberedDataset(size) as Dataset
  const found: number[] = []
  for await (const { examples } of validationBatches({
    dataset,
    split: 'validation',
    inputSize: 8,
    targets: {},
    images,
    except: new Set(except.map(BigInt)),
    workers: 0,
    signal: new AbortController().signal,
  })) {
    found.push(...examples.filter((example) => example >= 0))
  }
  return found
}

describe('validationBatches', () => {
  it('gives every image once when all are wanted', async () => {
    expect(await examplesOf(21, 1000)).toEqual(Array.from({ length: 21 }, (_, i) => i))
    expect(await examplesOf(21, 21)).toHaveLength(21)
  })

  it('spreads fewer over the whole split', async () => {
    const some = await examplesOf(800, 40)
    expect(some).toHaveLength(40)
    expect(new Set(some).size).toBe(40)
    for (let quarter = 0; quarter < 4; quarter++) {
      expect(some.some((example) => example >= quarter * 200 && example < (quarter + 1) * 200)).toBe(true)
    }
  })

  it('gives no more than asked for', async () => {
    expect(await examplesOf(800, 3)).toHaveLength(3)
    expect(await examplesOf(5, 3)).toHaveLength(3)
  })

  it('draws others for those that are left out, as many as there are', async () => {
    const firstBatch = Array.from({ length: 8 }, (_, i) => i)
    expect(await examplesOf(800, 8, firstBatch)).toHaveLength(8)
    expect(await examplesOf(800, 8, firstBatch)).not.toContain(7)
    const odd = Array.from({ length: 400 }, (_, i) => 2 * i + 1)
    const even = await examplesOf(800, 40, odd)
    expect(even).toHaveLength(40)
    expect(even.filter((example) => example % 2 === 1)).toEqual([])
    const allBut = (kept: readonly number[]) => Array.from({ length: 83 }, (_, i) => i).filter((i) => !kept.includes(i))
    expect(await examplesOf(83, 8, allBut([40, 41, 82]))).toEqual([40, 41, 82])
  })
})

describe('syntheticBatches', () => {
  const preprocessing: Preprocessing = {
    fit: { kind: 'crop', fraction: 0.875 },
    mean: [127.5, 127.5, 127.5],
    std: [127.5, 127.5, 127.5],
    exif: 'applied',
  }
  async function collect(seed: number): Promise<readonly VerificationBatch[]> {
    const batches: VerificationBatch[] = []
    for await (const batch of syntheticBatches(classifier(), preprocessing, 10, seed)) batches.push(batch)
    return batches
  }

  it('repeats under the same seed, stays within the normalised range and marks padding', async () => {
    const batches = await collect(1)
    expect(batches).toEqual(await collect(1))
    expect(batches).not.toEqual(await collect(2))
    expect(batches.flatMap(({ examples }) => examples).filter((example) => example >= 0)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    const values = batches.flatMap(({ inputs }) => [...inputs['image']!.data])
    expect(Math.max(...values)).toBeLessThanOrEqual(1)
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-1)
    expect(new Set(values).size).toBeGreaterThan(40)
  })
})
