import { spawnSync } from 'node:child_process'
import type { Graph, TrainingEngine, TrainingRequest } from '@mnas/core/contracts'
import { GraphBuilder } from '@mnas/core/graph'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeDeath } from '#internal/jobs/memory/describe-death.js'
import { memoryNeeds, smallerBatches } from '#internal/jobs/memory/memory-needs.js'
import { memoryRoom, outOfMemoryKills } from '#internal/jobs/memory/memory-room.js'
import {
  allocationFailureIn,
  batchThatFits,
  explainMemory,
  type MemoryFacts,
  outOfMemoryError,
} from '#internal/jobs/memory/out-of-memory.js'
import { watchMemory } from '#internal/jobs/memory/watch-memory.js'

const mebi = 2 ** 20
const choice = (batchSize: number, accumulate: number, mebibytes: number) => ({
  batchSize,
  accumulate,
  stepBytes: mebibytes * mebi,
})
const facts = (changes: Partial<MemoryFacts> = {}): MemoryFacts => ({
  before: 'the first step',
  room: { bytes: 400 * mebi, limit: 'memory' },
  needs: {
    sessionBytes: 150 * mebi,
    own: choice(64, 1, 550),
    smaller: [choice(32, 2, 350), choice(16, 4, 200), choice(2, 32, 60)],
  },
  batchSize: 64,
  accumulate: 1,
  ...changes,
})

describe('the batch that fits', () => {
  it.each([
    [420, 'the first step', 32],
    [400, 'the first step', 16],
    [420, 'compiling', 16],
    [60, 'the first step', undefined],
  ] as const)('with %i MiB left before %s is %s', (mebibytes, before, batch) => {
    expect(batchThatFits(facts({ before, room: { bytes: mebibytes * mebi, limit: 'memory' } }))?.batchSize).toBe(batch)
  })

  it('makes updates of as many images where it can, of fewer never by a whole batch', () => {
    const sizes = (batch: number, accumulate = 1) =>
      smallerBatches(batch, accumulate).map((one) => [one.batchSize, one.accumulate])
    expect(sizes(64)).toEqual([
      [32, 2],
      [16, 4],
      [8, 8],
      [4, 16],
      [2, 32],
    ])
    expect(sizes(12, 2)).toEqual([
      [8, 3],
      [6, 4],
      [4, 6],
      [3, 8],
      [2, 12],
    ])
    expect(sizes(7)).toEqual([
      [3, 2],
      [2, 3],
    ])
    expect(sizes(2)).toEqual([])
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 512 }), fc.integer({ min: 1, max: 8 }), (batch, accumulate) => {
        for (const one of smallerBatches(batch, accumulate)) {
          const missing = batch * accumulate - one.batchSize * one.accumulate
          expect(one.batchSize).toBeGreaterThanOrEqual(2)
          expect(one.batchSize).toBeLessThan(batch)
          expect(missing).toBeGreaterThanOrEqual(0)
          expect(missing).toBeLessThan(one.accumulate)
        }
      }),
    )
  })
})

describe('the message', () => {
  const message = (changes: Partial<MemoryFacts>, cause = 'std::bad_alloc') => outOfMemoryError(facts(changes), cause).message
  it('names the batch that fits and keeps the update', () => {
    const { code, exitCode } = outOfMemoryError(facts(), 'std::bad_alloc')
    expect([code, exitCode]).toEqual(['MNAS_TRAIN_MEMORY', 6])
    expect(message({}, '\u001b[1;31mNon-zero status code. Status Message: std::bad_alloc\u001b[m')).toBe(
      'Memory ran out in training with batches of 64 (std::bad_alloc). Expected about 550 MiB more for its steps, received 400 MiB of free memory. ' +
        'Train with --batch 16 --accumulate 4, which updates from the same 64 images at a time; with another --out where a checkpoint of this one is kept.',
    )
  })
  it('says when none does, and which limit it is', () => {
    expect(message({ room: { bytes: 10 * mebi, limit: 'data' } })).toMatch(
      /received 10 MiB below the limit of data \(ulimit -d\)\. Not even --batch 2 fits: free some memory/,
    )
  })
  it('halves the batch where the engine estimates nothing', () => {
    expect(message({ needs: null })).toBe(
      'Memory ran out in training with batches of 64 (std::bad_alloc). Expected memory for its steps, received less. Try --batch 32 --accumulate 2; with another --out where a checkpoint of this one is kept.',
    )
    expect(message({ needs: null, batchSize: 2 })).toMatch(/Free some memory, or train at a smaller --size or width\.$/)
  })

  it('says what can be done where no batch can be chosen', () => {
    const lessMemory = 'search with fewer --jobs'
    const advice = /received 400 MiB of free memory\. Free some memory, or search with fewer --jobs\.$/
    expect(outOfMemoryError(facts(), 'std::bad_alloc', lessMemory).message).toMatch(advice)
    const explained = explainMemory(new Error('std::bad_alloc'), facts(), lessMemory)
    expect(explained).toMatchObject({ message: expect.stringMatching(advice) })
    const killed = { code: null, signal: 'SIGKILL', stderr: '', silent: false, systemKilled: true } as const
    expect(describeDeath({ ...killed, facts: facts(), lessMemory }).message).toMatch(advice)
  })
})

describe('a failed allocation', () => {
  it.each([
    'std::bad_alloc',
    'RangeError: Array buffer allocation failed',
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    'pthread_create failed, error code: 12 error msg: Cannot allocate memory',
    'Failed to allocate memory for requested buffer of size 802816',
    'Worker terminated due to reaching memory limit: ERR_WORKER_OUT_OF_MEMORY',
  ])('is %s', (line) => {
    expect(allocationFailureIn(`before\n${line}\r\nafter`)).toBe(line)
    expect(explainMemory(new Error(line), facts())).toMatchObject({ code: 'MNAS_TRAIN_MEMORY' })
  })
  it('is nothing else, and no error of ours', () => {
    const other = new Error('the image cannot be decoded')
    expect(explainMemory(other, facts())).toBe(other)
    const ours = outOfMemoryError(facts({ batchSize: 2, needs: null }), 'CUDA out of memory')
    expect(explainMemory(ours, facts())).toBe(ours)
  })
})

describe('a death', () => {
  const end = { code: null, signal: null, stderr: '', silent: false, systemKilled: false, facts: facts() } as const
  const fitting = facts({ room: { bytes: 4000 * mebi, limit: 'memory' } })
  it.each([
    ['killed while the system killed for memory', { signal: 'SIGKILL', systemKilled: true }, 'MEMORY'],
    ['killed by somebody', { signal: 'SIGKILL' }, 'WORKER_LOST'],
    ['killed where nobody counts and it wanted too much', { signal: 'SIGKILL', systemKilled: null }, 'MEMORY'],
    ['killed where nobody counts and all was well', { signal: 'SIGKILL', systemKilled: null, facts: fitting }, 'WORKER_LOST'],
    ['aborted by V8', { signal: 'SIGABRT', stderr: 'x\nJavaScript heap out of memory\n 1: 0xd32ce1', facts: fitting }, 'MEMORY'],
    ['crashed when it wanted too much', { signal: 'SIGSEGV' }, 'MEMORY'],
    ['crashed when all was well', { signal: 'SIGSEGV', facts: fitting }, 'WORKER_LOST'],
    ['stopped for its silence', { signal: 'SIGKILL', silent: true, systemKilled: true }, 'WORKER_LOST'],
    ['ended with an exit code', { code: 1, stderr: 'SyntaxError', facts: fitting }, 'WORKER_LOST'],
  ] as const)('%s', (_how, changes, code) => {
    expect(describeDeath({ ...end, ...changes }).code).toBe(`MNAS_TRAIN_${code}`)
  })
})

const engine: TrainingEngine = {
  name: 'fake',
  /** Batches of even size go the way that takes less. */
  plan: async (wish, _model, batchSize) => ({
    ...{ engine: 'fake', accelerator: 'cpu', threads: 1, ...wish },
    mode: wish.mode ?? (batchSize % 2 === 0 ? 'fast' : 'standard'),
  }),
  memory: ({ plan }) => ({
    sessionBytes: 5,
    stepBytes: 100,
    accumulationBytes: 1000,
    exampleBytes: plan.mode === 'fast' ? 1 : 3,
  }),
  compile: async () => ({
    randomInputs: {},
    step: async () => ({ loss: 1 }),
    weights: async () => ({}),
    load: async () => undefined,
    state: async () => ({}),
    restore: async () => undefined,
    close: async () => undefined,
  }),
  compileInference: async () => {
    throw new Error('not asked for')
  },
}
const model: Graph = new GraphBuilder().build()
const request: TrainingRequest = {
  ...{ model, objective: { inputs: {}, nodes: [], outputs: {} } as unknown as TrainingRequest['objective'], frozen: [] },
  ...{ optimizer: { kind: 'sgd', momentum: 0, weightDecay: 0, average: false }, batchSize: 6, batchNormMomentum: 0.9 },
  plan: { engine: 'fake', mode: 'fast', accelerator: 'cpu', threads: 1 },
}

describe('what a training takes', () => {
  it('is estimated for each smaller batch under the plan that it would have', async () => {
    expect(await memoryNeeds(engine, request, 1)).toEqual({
      sessionBytes: 5,
      own: { batchSize: 6, accumulate: 1, stepBytes: 106 },
      smaller: [
        { batchSize: 3, accumulate: 2, stepBytes: 1109 },
        { batchSize: 2, accumulate: 3, stepBytes: 1102 },
      ],
    })
    const { memory: _, ...silent } = engine
    expect(await memoryNeeds(silent, request, 1)).toBeNull()
  })

  it('is asked of an engine that is a class, which says the rest itself', async () => {
    class Slow implements TrainingEngine {
      readonly name = 'slow'
      plan(...asked: Parameters<TrainingEngine['plan']>) {
        return engine.plan(...asked)
      }
      async describePlan() {
        return 'It will take long'
      }
      compile(asked: TrainingRequest) {
        return engine.compile(asked)
      }
      compileInference(): never {
        throw new Error('not asked for')
      }
    }
    const watched = watchMemory(new Slow(), 1, () => undefined)
    expect(watched.name).toBe('slow')
    expect(await watched.describePlan?.(request.plan, model)).toBe('It will take long')
    expect(await watched.plan({}, model, 3)).toMatchObject({ mode: 'standard' })
    expect(await watchMemory(engine, 1, () => undefined).describePlan?.(request.plan, model)).toBeNull()
  })

  it('is told before compiling and once before the first step', async () => {
    const told: MemoryFacts['before'][] = []
    const session = await watchMemory(engine, 1, ({ before }) => told.push(before)).compile(request)
    expect(told).toEqual(['compiling'])
    for (let i = 0; i < 2; i++) await session.step({}, { learningRate: 1, averageDecay: 0 })
    expect(told).toEqual(['compiling', 'the first step'])
  })
})

describe('the room', () => {
  it('is some memory on any computer', () => {
    expect(memoryRoom().bytes).toBeGreaterThan(mebi)
    expect(outOfMemoryKills() ?? 0).toBeGreaterThanOrEqual(0)
  })

  it.skipIf(process.platform !== 'linux').each([
    ['d', 'data'],
    ['v', 'address space'],
  ])('ends at ulimit -%s', (flag, limit) => {
    const kibibytes = 4_000_000
    const program = `import { memoryRoom } from ${JSON.stringify(new URL('../../dist/jobs/memory/memory-room.js', import.meta.url).href)}
      const { bytes, limit } = memoryRoom(); console.log(limit, bytes)`
    const command = `ulimit -${flag} ${kibibytes} && exec "$0" --input-type=module --eval "$1"`
    const { stdout, stderr } = spawnSync('bash', ['-c', command, process.execPath, program], { encoding: 'utf8' })
    expect(stdout, stderr).toContain(`${limit} `)
    const bytes = Number(stdout.trim().split(' ').at(-1))
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThan(kibibytes * 1024)
  })
})
