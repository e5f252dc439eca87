import type { TrainingProgress, TrialJob } from '@mnas/core/contracts'
import type { Progress, Reporter } from '@mnas/core/events'
import { describe, expect, it } from 'vitest'
import { trainingPace, trainingTeller } from '#internal/workflows/training/tell-training.js'

/** 3 epochs of 10 steps; a step takes .1 s, an evaluation 5 s. */
function* training(epochs = 3, steps = 10) {
  let atMs = 1000
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let step = 1; step <= steps; step++) {
      atMs += 100
      yield { epoch, step: epoch * steps + step, steps: epochs * steps, atMs }
    }
    atMs += 5000
  }
}

describe('the time a training still takes', () => {
  it('counts evaluations that are still to come, and is not thrown off by one that has just been', () => {
    const pace = trainingPace(3)
    const told = [...training()].map((event) => ({ ...event, ...pace(event, event.atMs) }))
    const at = (step: number) => told[step - 1]!
    expect(at(1).remainingSeconds).toBeUndefined()
    // Nobody knows yet how long an evaluation takes.
    expect(at(6)).toMatchObject({ perSecond: expect.closeTo(10), remainingSeconds: expect.closeTo(2.4) })
    // The first step of the second epoch: 19 steps and 2 evaluations.
    expect(at(11)).toMatchObject({ perSecond: expect.closeTo(10), remainingSeconds: expect.closeTo(11.9) })
    expect(at(20).remainingSeconds).toBeCloseTo(11)
    expect(at(21).remainingSeconds).toBeCloseTo(5.9)
    expect(at(30).remainingSeconds).toBeCloseTo(5)
  })

  it('is that of the steps alone where nothing comes between the epochs', () => {
    const pace = trainingPace(2)
    const told = Array.from({ length: 15 }, (_, index) =>
      pace({ epoch: index < 10 ? 0 : 1, step: index + 1, steps: 20 }, index * 100),
    )
    expect(told.at(-1)!.remainingSeconds).toBeCloseTo(0.5)
  })

  it('is right for a training that goes on from a checkpoint', () => {
    const pace = trainingPace(100)
    pace({ epoch: 98, step: 985, steps: 1000 }, 0)
    expect(pace({ epoch: 98, step: 986, steps: 1000 }, 100).remainingSeconds).toBeCloseTo(1.4)
  })
})

const headlines = [
  { name: 'top1', label: 'top-1', percent: true },
  { name: 'balancedAccuracy', label: 'balanced accuracy', percent: true },
] as const

function recorded() {
  const [progress, notes]: [Progress[], string[]] = [[], []]
  const reporter: Reporter = {
    stage: () => undefined,
    progress: (told) => progress.push(told),
    note: (text) => notes.push(text),
    warn: () => undefined,
    close: () => undefined,
  }
  const job = { fidelity: { epochs: 3 } } as TrialJob
  const tell = trainingTeller(job, headlines, reporter)
  const event = (fields: Partial<TrainingProgress>) =>
    tell({ epoch: 1, step: 11, steps: 30, imagesPerSecond: 119.4, metrics: {}, ...fields })
  return { progress, notes, event }
}

describe('the progress of a training', () => {
  it('tells images a second, loss and, named as such, the accuracy of the last evaluation', () => {
    const { progress, event } = recorded()
    event({ epoch: 0, step: 1, metrics: { loss: 1.23456 } })
    event({ metrics: { loss: 0.9, 'heldOut.top1': 0.8123 } })
    expect(progress.map(({ note }) => note)).toEqual([
      'epoch 1/3, 119 img/s, loss 1.235',
      'epoch 2/3, 119 img/s, loss 0.900, held-out top-1 81.2 %',
    ])
    expect(progress[1]).toMatchObject({ done: 11, total: 30, unit: 'steps', pace: {} })
  })

  it('leaves a line for each epoch', () => {
    const { notes, event } = recorded()
    event({ epoch: 1, metrics: { trainingLoss: 1.5 } })
    event({ epoch: 2, metrics: { trainingLoss: 1.25, loss: 1, top1: 0.5, balancedAccuracy: 0.25, count: 12 } })
    expect(notes).toEqual([
      'epoch 1/3: training loss 1.500',
      'epoch 2/3: training loss 1.250, held-out loss 1.000, top-1 50.0 %, balanced accuracy 25.0 %',
    ])
  })
})
