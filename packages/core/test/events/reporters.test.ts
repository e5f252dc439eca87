import { automaticReporterKind, createReporter, formatRate, formatSeconds, type ReporterKind } from '@mnas/core/events'
import { describe, expect, it } from 'vitest'

/** A reporter on a recorded stream and a clock that the test moves. */
function recorded(kind: ReporterKind, stream: { columns?: number } = {}, env: Record<string, string> = {}) {
  let atMs = 1_000_000
  const written: string[] = []
  const reporter = createReporter(kind, { ...stream, write: (text) => written.push(text) }, { now: () => atMs, env })
  const text = () => written.join('')
  return { reporter, text, written, pass: (ms: number) => (atMs += ms) }
}

const counting = (done: number, note?: string) => ({ done, total: 100, unit: 'images', ...(note && { note }) })

describe.each(['plain', 'tty'] as const)('the %s reporter', (kind) => {
  it('writes what others say without what commands a terminal', () => {
    const { reporter, text } = recorded(kind, {}, { NO_COLOR: '1' })
    reporter.stage('pull', 'a\u001b[2J')
    reporter.note('b\u009b1m')
    reporter.warn('c\u0007\nd')
    reporter.progress({ ...counting(100), note: 'e\u001b]0;f' })
    reporter.close()
    for (const shown of ['a\\u{1b}[2J', 'b\\u{9b}1m', 'c\\u{7}\\u{a}d', 'e\\u{1b}]0;f']) expect(text()).toContain(shown)
  })
})

describe('the plain reporter', () => {
  it('prints the first progress, one every ten seconds and the last, with rate and remaining time', () => {
    const { reporter, text, pass } = recorded('plain')
    reporter.stage('training', 'mnasnet-a1')
    for (let done = 0; done <= 100; done++) {
      reporter.progress(counting(done))
      pass(200)
    }
    reporter.note('done')
    reporter.warn('one file was skipped')
    reporter.close()
    expect(text().split('\n')).toEqual([
      'training: mnasnet-a1',
      'training: 0/100 images',
      'training: 50/100 images · 5 images/s · ETA 10s',
      'training: 100/100 images · 5 images/s',
      'done',
      'warning: one file was skipped',
      '',
    ])
  })

  it('takes the pace of a caller who knows better', () => {
    const { reporter, text, pass } = recorded('plain')
    reporter.progress(counting(0))
    pass(20_000)
    reporter.progress({ ...counting(50), pace: { perSecond: 4, remainingSeconds: 90 } })
    expect(text()).toContain('50/100 images · 4 images/s · ETA 1m 30s')
  })

  it('counts the pace of a resume from where it begins', () => {
    const { reporter, text, pass } = recorded('plain')
    reporter.progress(counting(90))
    pass(10_000)
    reporter.progress(counting(91, 'loss 0.4'))
    expect(text()).toContain('91/100 images · 10s each · ETA 1m 30s · loss 0.4')
  })
})

describe('the terminal reporter', () => {
  it('redraws one line, at most ten times a second and no wider than the terminal, and leaves it clean', () => {
    const { reporter, written, text, pass } = recorded('tty', { columns: 100 })
    reporter.stage('images')
    for (let done = 0; done <= 50; done++) {
      reporter.progress(counting(done, 'a note'))
      pass(10)
    }
    reporter.close()
    const drawn = written.filter((part) => part.startsWith('\r\u001B[2K') && part.length > 5)
    expect(drawn.length).toBe(6)
    for (const line of drawn) expect(line.slice(5).length).toBeLessThan(100)
    expect(drawn[5]).toContain('━━━━━━━━━━──────────')
    expect(text().endsWith('\r\u001B[2K')).toBe(true)
  })

  it.each([
    [100, '━━━━━━━━━━────────── 50/100 images · 10 images/s · ETA 5s · epoch 2/3, loss 0.9'],
    [60, '50/100 images · 10 images/s · ETA 5s · epoch 2/3, loss 0.9'],
    [50, '50/100 images · ETA 5s · epoch 2/3, loss 0.9'],
    [32, '50/100 images · ETA 5s · epoch 2'],
  ])('of %i columns gives up the bar, then the rate, then the end of the note', (columns, line) => {
    const { reporter, text, pass } = recorded('tty', { columns: columns + 1 })
    reporter.progress(counting(0))
    pass(5000)
    reporter.progress(counting(50, 'epoch 2/3, loss 0.9'))
    expect(text().split('\r\u001B[2K').at(-1)).toBe(line)
  })

  it('clears the line before a note, and colours nothing under NO_COLOR', () => {
    const { reporter, text } = recorded('tty', {}, { NO_COLOR: '1' })
    reporter.stage('images', 'photos')
    reporter.progress(counting(1))
    reporter.warn('a file was skipped')
    const plain = text().replaceAll('\r\u001B[2K', '<clear>')
    expect(plain).toMatch(/^images {2}photos\n<clear>.*<clear>! a file was skipped\n$/)
    const coloured = recorded('tty')
    coloured.reporter.stage('images')
    expect(coloured.text()).toBe('\u001B[1mimages\u001B[0m\n')
  })
})

describe('the JSONL reporter', () => {
  it('writes one object a line, with rate and remaining seconds', () => {
    const { reporter, text, pass } = recorded('jsonl')
    reporter.stage('training', 'x')
    reporter.progress(counting(0))
    pass(1000)
    reporter.progress(counting(10))
    pass(1)
    reporter.progress(counting(11))
    pass(1000)
    reporter.progress({ ...counting(50), pace: { perSecond: 4, remainingSeconds: 90 } })
    reporter.warn('careful')
    const lines = text()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toMatchObject([
      { version: 1, event: 'stage', name: 'training', detail: 'x', at: '1970-01-01T00:16:40.000Z' },
      { event: 'progress', done: 0, total: 100, unit: 'images', ratePerSecond: null, remainingSeconds: null },
      { event: 'progress', done: 10, ratePerSecond: 10, remainingSeconds: 9 },
      { event: 'progress', done: 50, ratePerSecond: 4, remainingSeconds: 90 },
      { event: 'warning', text: 'careful' },
    ])
    expect(lines[3]).not.toHaveProperty('pace')
  })
})

describe('what a line tells of, as data', () => {
  const event = { kind: 'ended', trial: 3, error: null }
  const tell = (kind: ReporterKind): string => {
    const { reporter, text } = recorded(kind)
    reporter.note('trial 3 ended', event)
    reporter.warn('trial 4 failed', { kind: 'failed' })
    reporter.note('done')
    return text()
  }

  it('goes along for programs, where there is any', () => {
    const lines = tell('jsonl').trimEnd().split('\n')
    const at = '1970-01-01T00:16:40.000Z'
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { version: 1, event: 'note', at, text: 'trial 3 ended', data: event },
      { version: 1, event: 'warning', at, text: 'trial 4 failed', data: { kind: 'failed' } },
      { version: 1, event: 'note', at, text: 'done' },
    ])
  })

  it('is not shown to people, who have the line', () => {
    expect(tell('plain')).toBe('trial 3 ended\nwarning: trial 4 failed\ndone\n')
    expect(tell('tty')).toMatch(/^trial 3 ended\n.*trial 4 failed\ndone\n$/)
    expect(tell('silent')).toBe('')
  })
})

it('the silent reporter writes nothing', () => {
  const { reporter, text } = recorded('silent')
  reporter.stage('a')
  reporter.progress(counting(100))
  reporter.warn('b')
  reporter.close()
  expect(text()).toBe('')
})

it('a redrawn line is chosen only where a person looks at a terminal that can do it', () => {
  const stream = (isTTY: boolean) => ({ isTTY, write: () => undefined })
  expect(automaticReporterKind(stream(true), {})).toBe('tty')
  expect(automaticReporterKind(stream(false), {})).toBe('plain')
  expect(automaticReporterKind(stream(true), { CI: 'true' })).toBe('plain')
  expect(automaticReporterKind(stream(true), { TERM: 'dumb' })).toBe('plain')
})

it.each([
  [0.4, '0s'],
  [59.4, '59s'],
  [60, '1m 00s'],
  [185, '3m 05s'],
  [7625, '2h 07m'],
])('formatSeconds(%d) = %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text))

it('rates keep three digits', () => {
  expect([0.4213, 12.34, 4123.4].map(formatRate)).toEqual(['0.421', '12.3', '4123'])
})
