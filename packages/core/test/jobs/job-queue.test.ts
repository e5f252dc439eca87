import { describe, expect, it } from 'vitest'
import { type JobQueue, jobQueue } from '#internal/jobs/job-queue.js'

const never = new AbortController().signal

/** Work whose end the test decides. */
function works(queue: JobQueue) {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  return {
    begun,
    enter: (name: string, key = name, signal = never) =>
      queue(key, signal, () => {
        begun.push(name)
        return new Promise<string>((resolve) => ends.set(name, () => resolve(name)))
      }),
    /** Ends it and lets whatever waited for that begin. */
    async end(name: string) {
      ends.get(name)!()
      await new Promise(setImmediate)
    },
  }
}

describe('jobQueue', () => {
  it('lets as many begin as there is room for, in the order in which they came', async () => {
    const { begun, enter, end } = works(jobQueue(2))
    const all = ['a', 'b', 'c', 'd'].map((name) => enter(name))
    await new Promise(setImmediate)
    expect(begun).toEqual(['a', 'b'])
    await end('b')
    expect(begun).toEqual(['a', 'b', 'c'])
    await end('a')
    await end('c')
    await end('d')
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('lets two of one key never run at once, and others pass them', async () => {
    const { begun, enter, end } = works(jobQueue(2))
    void enter('first', 'key')
    void enter('second', 'key')
    void enter('other')
    await new Promise(setImmediate)
    expect(begun).toEqual(['first', 'other'])
    await end('first')
    expect(begun).toEqual(['first', 'other', 'second'])
  })

  it('lets go of who gives up waiting, and of work that fails', async () => {
    const queue = jobQueue(1)
    const { begun, enter, end } = works(queue)
    const abort = new AbortController()
    void enter('a')
    const given = enter('b', 'b', abort.signal)
    const failing = expect(queue('c', never, () => Promise.reject(new Error('c failed')))).rejects.toThrow('c failed')
    void enter('d')
    abort.abort(new Error('given up'))
    await expect(given).rejects.toThrow('given up')
    await end('a')
    await failing
    await new Promise(setImmediate)
    expect(begun).toEqual(['a', 'd'])
    await expect(queue('e', AbortSignal.abort(new Error('too late')), async () => 0)).rejects.toThrow('too late')
  })
})
