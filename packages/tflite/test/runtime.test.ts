import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { namedArchitecture, scaleArchitecture } from '@mnas/core/architecture'
import type { ModelRuntime, Tensors } from '@mnas/core/contracts'
import { lowerBackbone } from '@mnas/core/graph'
import { randomTensors, testSurroundings, withClassifier } from '@mnas/core/testing'
import { describe, expect, it } from 'vitest'
import { exported, smallModel, temporaryFolder, withSoftmax } from './support/models.js'
import { testedRuntimes } from './support/runtimes.js'

const around = testSurroundings()
const inputs = randomTensors(smallModel().inputs, { batch: 1, seed: 4 })

async function* feed(...elements: Tensors[]): AsyncGenerator<Tensors> {
  yield* elements
}

async function collect(outputs: AsyncIterable<Tensors>): Promise<Tensors[]> {
  const all: Tensors[] = []
  for await (const element of outputs) all.push(element)
  return all
}

const timing = { threads: 1, runs: 3, flags: {} } as const

/** A file that is not what it says, written beside the intact one. */
function damaged(path: string, name: string, change: (bytes: Buffer) => Buffer): string {
  const target = join(temporaryFolder(), name)
  writeFileSync(target, change(readFileSync(path)))
  return target
}

const outcomeOf = (runtime: ModelRuntime, path: string) =>
  collect(runtime.run({ path, format: 'tflite' }, feed(inputs), around)).then(
    () => 'ran',
    (error: { code?: string }) => error.code ?? String(error),
  )

for (const { name, missing, create } of await testedRuntimes()) {
  describe.skipIf(missing)(`the runtime ${name}`, () => {
    it('says what would run', async () => {
      expect(await create().available(around)).toMatchObject({
        name,
        version: expect.any(String),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      })
    })

    it('gives one answer for each input, the same for the same', async () => {
      const other = randomTensors(smallModel().inputs, { batch: 1, seed: 5 })
      const [first, second, third, ...rest] = await collect(
        create().run(await exported(smallModel()), feed(inputs, other, inputs), around),
      )
      expect(rest).toEqual([])
      expect(first).toMatchObject({ logits: { dtype: 'float32', shape: [1, 5] } })
      expect(third).toEqual(first)
      expect(second).not.toEqual(first)
    })

    it('times as many runs as asked for', async () => {
      const timesMs = await create().timeMs(await exported(smallModel()), timing, around)
      expect(timesMs).toHaveLength(3)
      expect(timesMs.every((ms) => Number.isFinite(ms) && ms > 0)).toBe(true)
    })

    it('refuses damaged files or runs them, and survives whatever they do to their process', async () => {
      const { path } = await exported(smallModel())
      const runtime = create()
      const outcomes = new Map<string, string>()
      const tryFile = async (title: string, change: (bytes: Buffer) => Buffer) => {
        outcomes.set(title, await outcomeOf(runtime, damaged(path, 'damaged.tflite', change)))
      }
      await tryFile('empty', () => Buffer.alloc(0))
      await tryFile('text', () => Buffer.from('this is no model, only some text'))
      await tryFile('header', (bytes) => bytes.subarray(0, 8))
      await tryFile('half', (bytes) => bytes.subarray(0, bytes.length >> 1))
      await tryFile('zeros', (bytes) => Buffer.concat([bytes.subarray(0, 8), Buffer.alloc(bytes.length - 8)]))
      for (const position of [0, 1, 2, 3]) {
        await tryFile(`flipped ${position}`, (bytes) => {
          const copy = Buffer.from(bytes)
          const at = 8 + Math.floor(((copy.length - 9) * position) / 3)
          for (let offset = at; offset < Math.min(at + 64, copy.length); offset++) copy[offset]! ^= 0xff
          return copy
        })
      }
      for (const title of ['empty', 'text', 'header', 'half', 'zeros'])
        expect([title, outcomes.get(title)]).toEqual([title, 'MNAS_RUNTIME_MODEL'])
      const allowed = ['ran', 'MNAS_RUNTIME_MODEL', 'MNAS_RUNTIME_CRASHED', 'MNAS_RUNTIME_INPUT']
      expect([...outcomes].filter(([, outcome]) => !allowed.includes(outcome))).toEqual([])
    })

    it('names a file of another format, and one that is not there', async () => {
      const { path } = await exported(smallModel())
      const runtime = create()
      await expect(collect(runtime.run({ path, format: 'onnx' }, feed(inputs), around))).rejects.toMatchObject({
        code: 'MNAS_RUNTIME_MODEL',
      })
      expect(await outcomeOf(runtime, `${path}.gone`)).toBe('MNAS_FILE_MISSING')
    })

    it('names inputs that are missing or misshapen', async () => {
      const file = await exported(smallModel())
      const runtime = create()
      await expect(collect(runtime.run(file, feed({}), around))).rejects.toMatchObject({
        code: 'MNAS_RUNTIME_INPUT',
        message: expect.stringContaining('Expected float32 [1, 4, 4, 3], received none'),
      })
      const flat = { image: { ...inputs['image']!, shape: [48] } }
      await expect(collect(runtime.run(file, feed(flat), around))).rejects.toMatchObject({ code: 'MNAS_RUNTIME_INPUT' })
      const wholeNumbers = { image: { dtype: 'int32', shape: [1, 4, 4, 3], data: new Int32Array(48) } as const }
      await expect(collect(runtime.run(file, feed(wholeNumbers), around))).rejects.toMatchObject({ code: 'MNAS_RUNTIME_INPUT' })
    })

    it.each(['int32', 'uint8', 'int8'] as const)('hands %s values through, or says that it has no such type', async (dtype) => {
      const spec = { shape: [4], dtype, batched: true } as const
      const file = await exported({ inputs: { codes: spec }, nodes: [], outputs: { same: 'codes' } })
      const codes = randomTensors({ codes: spec }, { batch: 1, seed: 6, low: -128, high: 128 })
      const answer = collect(create().run(file, feed(codes), around))
      if (name === 'litert-js' && dtype === 'int8') {
        await expect(answer).rejects.toMatchObject({ code: 'MNAS_RUNTIME_TYPE', message: expect.stringContaining('int8') })
        return
      }
      expect(await answer).toEqual([{ same: codes['codes'] }])
      expect(await create().timeMs(file, timing, around)).toHaveLength(timing.runs)
    })

    it('times a model on the inputs that it is given, which have to fit', async () => {
      const file = await exported(smallModel())
      const other = randomTensors(smallModel().inputs, { batch: 1, seed: 5 })
      expect(await create().timeMs(file, { ...timing, inputs: [inputs, other] }, around)).toHaveLength(timing.runs)
      const short = { image: { dtype: 'float32', shape: [1, 4, 3], data: new Float32Array(12) } as const }
      const timed = create().timeMs(file, { ...timing, inputs: [inputs, short] }, around)
      await expect(timed).rejects.toMatchObject({ code: 'MNAS_RUNTIME_INPUT' })
    })

    it('refuses flags it does not know', async () => {
      const timed = create().timeMs(await exported(smallModel()), { ...timing, flags: { turbo: true } }, around)
      await expect(timed).rejects.toMatchObject({ code: 'MNAS_RUNTIME_OPTION' })
    })

    it.each(['SIGKILL', 'SIGSEGV'] as const)('reports a process that %s ends', async (signal) => {
      const pids: number[] = []
      const runtime = create({ onStart: (pid) => pids.push(pid) })
      async function* killingFeed(): AsyncGenerator<Tensors> {
        yield inputs
        process.kill(pids[0]!, signal)
        yield inputs
      }
      await expect(collect(runtime.run(await exported(smallModel()), killingFeed(), around))).rejects.toMatchObject({
        code: 'MNAS_RUNTIME_CRASHED',
        message: expect.stringContaining(signal),
      })
      expect(pids).toHaveLength(1)
    })

    it('started once, keeps its process from file to file, and gets a new one after a crash, which is that file’s own', async () => {
      const pids: number[] = []
      const started = create({ onStart: (pid) => pids.push(pid) }).start!(around)
      const file = await exported(smallModel())
      const crashing = { path: damaged(file.path, 'crashing.tflite', (bytes) => bytes), format: 'tflite' }
      async function* killingFeed(): AsyncGenerator<Tensors> {
        yield inputs
        process.kill(pids.at(-1)!, 'SIGSEGV')
        yield inputs
      }
      const answers = await collect(started.run(file, feed(inputs)))
      expect(await collect(started.run(file, feed(inputs)))).toEqual(answers)
      expect(pids).toHaveLength(1)
      await expect(collect(started.run(crashing, killingFeed()))).rejects.toMatchObject({
        code: 'MNAS_RUNTIME_CRASHED',
        message: expect.stringContaining('crashing.tflite'),
      })
      expect(await collect(started.run(file, feed(inputs)))).toEqual(answers)
      expect(pids).toHaveLength(2)
      await started.close()
      for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    })

    it('started once, does not use a process again in which a file was refused', async () => {
      const pids: number[] = []
      const started = create({ onStart: (pid) => pids.push(pid) }).start!(around)
      const file = await exported(smallModel())
      const half = damaged(file.path, 'half.tflite', (bytes) => bytes.subarray(0, bytes.length >> 1))
      const refused = collect(started.run({ path: half, format: 'tflite' }, feed(inputs)))
      await expect(refused).rejects.toMatchObject({ code: 'MNAS_RUNTIME_MODEL', message: expect.stringContaining('half.tflite') })
      expect(await collect(started.run(file, feed(inputs)))).toHaveLength(1)
      expect(pids).toHaveLength(2)
      await started.close()
    })

    it('started once, holds each file to the time it may take', async () => {
      const pids: number[] = []
      const started = create({ limits: { loadMs: 1 }, onStart: (pid) => pids.push(pid) }).start!(around)
      const file = await exported(smallModel())
      for (const turn of [1, 2]) {
        await expect(collect(started.run(file, feed(inputs)))).rejects.toMatchObject({ code: 'MNAS_RUNTIME_TIMEOUT' })
        expect(pids).toHaveLength(turn)
      }
      await started.close()
    })

    it('stops what takes too long to load, and what takes too long to run', async () => {
      const file = await exported(smallModel())
      await expect(collect(create({ limits: { loadMs: 1 } }).run(file, feed(inputs), around))).rejects.toMatchObject({
        code: 'MNAS_RUNTIME_TIMEOUT',
        message: expect.stringContaining('within 0.001 s'),
      })
      const endless = create({ limits: { timeMs: 300 } }).timeMs(file, { ...timing, runs: 1e9 }, around)
      await expect(endless).rejects.toMatchObject({ code: 'MNAS_RUNTIME_TIMEOUT' })
    })

    it('stops at once when its caller aborts', async () => {
      const file = await exported(smallModel())
      const abort = new AbortController()
      const runtime = create({ onStart: () => queueMicrotask(() => abort.abort(new Error('enough'))) })
      await expect(runtime.timeMs(file, timing, testSurroundings({ signal: abort.signal }))).rejects.toThrow('enough')
      const never = testSurroundings({ signal: AbortSignal.abort(new Error('never')) })
      await expect(runtime.timeMs(file, timing, never)).rejects.toThrow('never')
    })

    it.skipIf(process.platform !== 'linux')('stops a process that uses more memory than it may', async () => {
      const endless = create({ limits: { memoryBytes: 2 ** 20 } }).timeMs(
        await exported(smallModel()),
        { ...timing, runs: 1e9 },
        around,
      )
      await expect(endless).rejects.toMatchObject({
        code: 'MNAS_RUNTIME_CRASHED',
        message: expect.stringContaining('the limit is 1 MiB'),
      })
    })

    it('leaves no process behind, used up or not', async () => {
      const pids: number[] = []
      const runtime = create({ onStart: (pid) => pids.push(pid) })
      const file = await exported(smallModel())
      for await (const _ of runtime.run(file, feed(inputs, inputs, inputs), around)) break
      await collect(runtime.run(file, feed(inputs), around))
      expect(pids).toHaveLength(2)
      for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    })
  })
}

it('the two runtimes agree on MnasNet-A1', async (context) => {
  const runtimes = await testedRuntimes()
  context.skip(
    runtimes.some(({ missing }) => missing !== null),
    'LiteRT’s library is not set up',
  )
  const graph = withSoftmax(
    withClassifier(lowerBackbone(scaleArchitecture(namedArchitecture('mnasnet-a1'), { inputSize: 64 })), 50, 0.2),
  )
  const file = await exported(graph)
  const image = randomTensors(graph.inputs, { batch: 1, seed: 6 })
  const [a, b] = await Promise.all(
    runtimes.map(async ({ create }) => (await collect(create().run(file, feed(image), around)))[0]!['probabilities']!),
  )
  expect(a!.shape).toEqual([1, 50])
  const error = Math.max(...Array.from(a!.data, (value, index) => Math.abs(value - b!.data[index]!)))
  expect(error).toBeLessThan(1e-5)
})

it('litert-js refuses to be timed on several threads', async () => {
  const [liteRtJs] = await testedRuntimes()
  const timed = liteRtJs!.create().timeMs(await exported(smallModel()), { ...timing, threads: 2 }, around)
  await expect(timed).rejects.toMatchObject({
    code: 'MNAS_RUNTIME_OPTION',
    message: expect.stringContaining('Expected 1, received 2'),
  })
})
