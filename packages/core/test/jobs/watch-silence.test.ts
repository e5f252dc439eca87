import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { watchSilence } from '#internal/jobs/process/watch-silence.js'

const second = 1000
const minute = 60 * second

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }))
afterEach(() => void vi.useRealTimers())

describe('watchSilence', () => {
  it('gives a process an hour for its first step', () => {
    const onSilence = vi.fn()
    const watch = watchSilence(onSilence)
    vi.advanceTimersByTime(5 * second)
    watch.heard()
    vi.advanceTimersByTime(59 * minute)
    expect(onSilence).not.toHaveBeenCalled()
    vi.advanceTimersByTime(2 * minute)
    expect([onSilence.mock.calls.length, watch.silent()]).toEqual([1, true])
  })

  it('calls one that has taken a step silent after three minutes without a word, once', () => {
    const onSilence = vi.fn()
    const watch = watchSilence(onSilence)
    watch.stepped()
    vi.advanceTimersByTime(2 * minute)
    watch.heard()
    vi.advanceTimersByTime(2.9 * minute)
    expect([onSilence.mock.calls.length, watch.silent()]).toEqual([0, false])
    vi.advanceTimersByTime(30 * minute)
    expect([onSilence.mock.calls.length, watch.silent()]).toEqual([1, true])
  })

  it('waits ten times as long as it was ever silent', () => {
    const onSilence = vi.fn()
    const watch = watchSilence(onSilence)
    vi.advanceTimersByTime(minute)
    watch.stepped()
    vi.advanceTimersByTime(9.5 * minute)
    expect(onSilence).not.toHaveBeenCalled()
    vi.advanceTimersByTime(minute)
    expect(onSilence).toHaveBeenCalledOnce()
  })

  it('does not count a pause of the whole computer, nor learn from it', () => {
    const onSilence = vi.fn()
    const watch = watchSilence(onSilence)
    watch.stepped()
    vi.advanceTimersByTime(30 * second)
    // An hour passes in which no timer runs; the one that was due runs at once then.
    const now = performance.now()
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now + 60 * minute)
    vi.advanceTimersByTime(18 * second)
    expect(onSilence).not.toHaveBeenCalled()
    watch.heard()
    clock.mockRestore()
    expect(watch.silent()).toBe(false)
    watch.stop()
  })
})
