import { createReporter } from '@mnas/core/events'
import { expect, it } from 'vitest'
import { progressBoard } from '#internal/trials/progress/progress-board.js'

const steps = (step: number, imagesPerSecond: number) =>
  ({ kind: 'steps', epoch: 0, step, steps: 10, imagesPerSecond, metrics: {} }) as const

it('shows the steps of all that train as one line, until they are done', () => {
  let written = ''
  const board = progressBoard(createReporter('jsonl', { write: (text) => (written = text) }, { now: () => 0 }))
  const last = () => JSON.parse(written)
  board.of(4)(steps(2, 30))
  expect(last()).toMatchObject({ done: 2, total: 10, unit: 'steps', note: 'trial 4, 30 images/s' })
  board.of(3)(steps(8, 12))
  board.of(4)(steps(10, 30))
  board.done(4)
  board.of(3)(steps(10, 0))
  expect(last()).toMatchObject({ done: 10, total: 10, note: 'trial 3' })
})

it('says a warning once, whichever trial it comes from', () => {
  const lines: string[] = []
  const board = progressBoard(createReporter('plain', { write: (text) => lines.push(text) }, { now: () => 0 }))
  const slow = (seconds: string) => ({ kind: 'warning', message: `about ${seconds} s for each image` }) as const
  board.of(1)(slow('0.12'))
  board.of(2)(slow('3'))
  board.of(2)({ kind: 'warning', message: 'decoded otherwise' })
  board.of(1)(slow('0.12'))
  expect(lines).toEqual(['warning: about 0.12 s for each image\n', 'warning: decoded otherwise\n'])
})

it('says how far the search is before how far its trainings are, and what remains of it', () => {
  let written = ''
  const reporter = createReporter('plain', { write: (text) => (written = text) }, { now: () => 0 })
  let remainingSeconds: number | null = null
  const board = progressBoard(reporter, () => ({ text: '3/9 trials · best 71.0 % at 8.40 ms · front 2', remainingSeconds }))
  board.of(4)(steps(2, 30))
  expect(written).toBe('2/10 steps · 3/9 trials · best 71.0 % at 8.40 ms · front 2 · trial 4, 30 images/s\n')
  remainingSeconds = 90
  reporter.stage('search')
  board.of(4)(steps(3, 30))
  expect(written).toMatch(/^search: 3\/10 steps · ETA 1m 30s · 3\/9 trials/)
})
