import { expect, it } from 'vitest'
import { oneAtATime } from '#internal/trials/one-at-a-time.js'

it('calls take turns in the order in which they came, and each gets its own answer', async () => {
  const log: string[] = []
  const ends: (() => void)[] = []
  const work = oneAtATime(async (name: string) => {
    log.push(`${name} begins`)
    await new Promise<void>((resolve) => ends.push(resolve))
    log.push(`${name} ends`)
    return name.toUpperCase()
  })
  const answers = ['a', 'b', 'c'].map((name) => work(name))
  for (const index of answers.keys()) {
    await expect.poll(() => ends.length).toBe(index + 1)
    ends[index]!()
    await answers[index]
  }
  expect(await Promise.all(answers)).toEqual(['A', 'B', 'C'])
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
})

it('a call that fails fails alone', async () => {
  const work = oneAtATime(async (divisor: number) => {
    if (divisor === 0) throw new Error('by zero')
    return 6 / divisor
  })
  const answers = await Promise.allSettled([work(0), work(2), work(0), work(3)])
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled'])
  expect(answers[1]).toMatchObject({ value: 3 })
  expect(answers[2]).toMatchObject({ reason: { message: 'by zero' } })
})
