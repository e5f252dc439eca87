import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bestWeightsFile, checkpointFile, loadCheckpoint, saveCheckpoint, trainModel } from '@mnas/core/training'
import { readSafetensors, writeSafetensors } from '@mnas/core/weights'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { fakeTraining, temporaryFolder } from './support/fake-training.js'

const weightIn = async (folder: string) => (await loadCheckpoint(folder))!.state['weight/w']!.data[0]

describe('the training loop', () => {
  test('draws all epochs from one iterator and writes a record for each', async () => {
    const { setup, calls, opened } = fakeTraining({ epochs: 3, perEpoch: 4, folder: await temporaryFolder() })
    const { history } = await trainModel(setup)
    expect(calls.map(({ batch }) => batch)).toEqual(
      [0, 1, 2].flatMap((epoch) => [0, 1, 2, 3].map((index) => `${epoch}.00${index}`)),
    )
    expect(opened).toEqual([{ epoch: 0, index: 0 }])
    expect(history.map(({ epoch, step, trainingLoss }) => [epoch, step, trainingLoss])).toEqual([
      [1, 4, 1],
      [2, 8, 1],
      [3, 12, 1],
    ])
    expect(history.map(({ metrics }) => metrics)).toEqual([null, null, { top1: 0.5 }])
  })

  test('tells the last held-out accuracy with every step, also after a resume', async () => {
    const folder = await temporaryFolder()
    const told: (number | undefined)[] = []
    const options = { epochs: 2, perEpoch: 2, recipe: { evaluateEveryEpochs: 1 }, folder }
    const report = ({ metrics }: { metrics: Record<string, number> }) => told.push(metrics['heldOut.top1'])
    const first = fakeTraining({
      ...options,
      report: (progress, abort) => {
        report(progress)
        if (progress.step === 3) abort.abort(new Error('Ctrl-C'))
      },
    })
    await expect(trainModel(first.setup)).rejects.toThrow('Ctrl-C')
    // Two steps, the epoch's record, one step.
    expect(told.splice(0)).toEqual([undefined, undefined, undefined, 0.5])
    await trainModel(fakeTraining({ ...options, report }).setup)
    expect(told).toEqual([0.5, undefined])
  })

  test('averages the gradients of `accumulate` batches, of fewer at the end of an epoch, at one rate', async () => {
    const options = { epochs: 2, perEpoch: 5, recipe: { accumulate: 2 }, folder: await temporaryFolder() }
    const { setup, calls } = fakeTraining(options)
    const { history } = await trainModel(setup)
    expect(calls.map(({ apply }) => apply)).toEqual([false, true, false, true, true, false, true, false, true, true])
    expect(history.map(({ step }) => step)).toEqual([3, 6])
    const rates = calls.map(({ learningRate }) => learningRate)
    expect(rates[0]).toBeCloseTo((0.1 * 2 * 2) / 256, 12)
    expect(rates[0]).toBe(rates[1])
    expect(new Set(rates).size).toBe(6)
  })

  test.each([1, 3])(
    'stopped anywhere, even between the batches of an update, it ends in the same bits (accumulate %i)',
    async (accumulate) => {
      const options = { epochs: 3, perEpoch: 7, recipe: { accumulate, evaluateEveryEpochs: 1 } }
      const whole = fakeTraining({ ...options, folder: await temporaryFolder() })
      const result = await trainModel(whole.setup)
      const expected = await weightIn(whole.setup.folder)
      for (let stop = 1; stop <= whole.calls.length; stop += 2) {
        const folder = await temporaryFolder()
        // The signal comes while a step or an evaluation is under way.
        let calls = 0
        const stopped = fakeTraining({ ...options, folder })
        const abort = new AbortController()
        const runtime = {
          ...stopped.setup.runtime,
          signal: abort.signal,
          whileWorking: <T>(work: () => Promise<T>) => {
            if (++calls === stop) abort.abort(new Error('Ctrl-C'))
            return work()
          },
        }
        const interrupted = { ...stopped.setup, runtime }
        await trainModel(interrupted).then(
          () => expect(stop).toBe(whole.calls.length),
          (error: Error) => expect(error.message).toBe('Ctrl-C'),
        )
        expect(stopped.calls.at(-1)?.apply).toBe(true)
        const resumed = fakeTraining({ ...options, folder })
        expect(await trainModel(resumed.setup)).toEqual(result)
        expect([...stopped.calls, ...resumed.calls]).toEqual(whole.calls)
        expect(await weightIn(folder)).toBe(expected)
      }
    },
  )

  test('names a loss that is not a number and keeps the last good checkpoint', async () => {
    const folder = await temporaryFolder()
    const options = { epochs: 3, perEpoch: 4, folder, lossOf: (call: number) => (call === 10 ? Number.NaN : 1) }
    const { setup } = fakeTraining(options)
    await expect(trainModel(setup)).rejects.toMatchObject({ code: 'MNAS_TRAIN_DIVERGED', exitCode: 6 })
    const again = fakeTraining({ ...options, lossOf: (call) => (call === 2 ? Number.NaN : 1) })
    await expect(trainModel(again.setup)).rejects.toThrow(/step 9: .*received a loss of NaN.*checkpoint, of step 8,/)
    expect((await loadCheckpoint(folder))?.checkpoint.step).toBe(8)
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'names held-out metrics of %s and keeps the last good checkpoint',
    async (loss) => {
      const folder = await temporaryFolder()
      const metricsOf = (evaluation: number) => ({ top1: 0.5 + evaluation / 10, loss: evaluation < 3 ? 1 : loss })
      const options = { epochs: 4, perEpoch: 2, folder, recipe: { evaluateEveryEpochs: 1 } }
      const message = new RegExp(
        `at step 6: expected finite numbers, received a held-out loss of ${loss} .*checkpoint, of step 4,`,
      )
      await expect(trainModel(fakeTraining({ ...options, metricsOf }).setup)).rejects.toThrow(message)
      const { checkpoint } = (await loadCheckpoint(folder))!
      expect([checkpoint.step, checkpoint.best]).toEqual([4, { step: 4, value: 0.7 }])
      // The same command says the same, for as long as the recipe is the same.
      const again = fakeTraining({ ...options, metricsOf: () => ({ top1: 0.9, loss }) })
      await expect(trainModel(again.setup)).rejects.toMatchObject({ code: 'MNAS_TRAIN_DIVERGED', exitCode: 6 })
    },
  )

  test('never overwrites a good checkpoint with weights that are not numbers', async () => {
    const folder = await temporaryFolder()
    const { setup } = fakeTraining({ epochs: 3, perEpoch: 4, folder })
    const { engine } = setup
    const spoiling = {
      ...engine,
      async compile(request: Parameters<typeof engine.compile>[0]) {
        const session = await engine.compile(request)
        let saves = 0
        return {
          ...session,
          async state() {
            const state = await session.state()
            if (++saves === 2) state['weight/w']!.data.fill(Number.NaN)
            return state
          },
        }
      },
    }
    await expect(trainModel({ ...setup, engine: spoiling })).rejects.toMatchObject({ code: 'MNAS_TRAIN_DIVERGED' })
    expect((await loadCheckpoint(folder))?.checkpoint.step).toBe(4)
  })
})

describe('checkpoints', () => {
  test('the last few are kept, and an older one stands in for one that cannot be read', async () => {
    const folder = await temporaryFolder()
    const { setup } = fakeTraining({ epochs: 5, perEpoch: 2, folder, checkpointsKept: 3 })
    await trainModel(setup)
    const expected = await weightIn(folder)
    const files = (await readdir(folder)).filter((name) => name.startsWith('checkpoint')).sort()
    expect(files).toEqual(['checkpoint-1.safetensors', 'checkpoint-2.safetensors', 'checkpoint.safetensors'])
    await writeFile(checkpointFile(folder), 'spoiled')
    expect((await loadCheckpoint(folder))?.checkpoint.step).toBe(8)
    await trainModel(fakeTraining({ epochs: 5, perEpoch: 2, folder, checkpointsKept: 3 }).setup)
    expect(await weightIn(folder)).toBe(expected)
  })

  test('when none can be read, the newest is named', async () => {
    const folder = await temporaryFolder()
    await writeFile(checkpointFile(folder), 'spoiled')
    await expect(loadCheckpoint(folder)).rejects.toThrow(/checkpoint\.safetensors/)
    expect(await loadCheckpoint(await temporaryFolder())).toBeNull()
    // There is something, which cannot be read at the moment: to begin anew would overwrite it.
    const held = await temporaryFolder()
    await mkdir(checkpointFile(held))
    await expect(loadCheckpoint(held)).rejects.toMatchObject({ code: 'MNAS_FILE_MISSING' })
  })

  test('want of memory is no damage', async () => {
    const folder = await temporaryFolder()
    await trainModel(fakeTraining({ epochs: 1, perEpoch: 2, folder }).setup)
    const copying = vi.spyOn(Uint8Array, 'from').mockImplementation(() => {
      throw new RangeError('Array buffer allocation failed')
    })
    onTestFinished(() => copying.mockRestore())
    await expect(loadCheckpoint(folder)).rejects.toMatchObject({ name: 'RangeError' })
  })

  test('a copy that cannot take its place is not left behind', async () => {
    const folder = await temporaryFolder()
    await trainModel(fakeTraining({ epochs: 1, perEpoch: 2, folder }).setup)
    const { checkpoint, state } = (await loadCheckpoint(folder))!
    await mkdir(join(checkpointFile(folder, 1), 'in the way'), { recursive: true })
    await expect(saveCheckpoint(folder, checkpoint, state, 2)).rejects.toMatchObject({ code: 'MNAS_FILE_WRITE' })
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('best weights of another step than the record says are not taken for them', async () => {
    const folder = await temporaryFolder()
    const options = { epochs: 3, perEpoch: 2, recipe: { evaluateEveryEpochs: 1 }, folder }
    const stopped = fakeTraining({
      ...options,
      metricsOf: () => ({ top1: 0.8 }),
      report: ({ step }, abort) => void (step === 3 && abort.abort(new Error('killed'))),
    })
    await expect(trainModel(stopped.setup)).rejects.toThrow('killed')
    // As one leaves it that is killed after it wrote better weights and before it wrote so, where a second try gives other bits.
    await writeSafetensors(bestWeightsFile(folder), {}, { step: '4' })
    const metricsOf = (evaluation: number) => ({ top1: 0.7 - evaluation / 10 })
    const { metrics, step } = await trainModel(fakeTraining({ ...options, metricsOf }).setup)
    expect([metrics, step]).toEqual([{ top1: 0.7 - 1 / 10 }, 4])
    expect(Object.keys((await readSafetensors(bestWeightsFile(folder))).tensors)).not.toEqual([])
  })
})
