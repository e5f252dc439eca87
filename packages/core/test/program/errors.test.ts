import { coreErrors } from '@mnas/core/errors'
import { cliErrors, formatError, interruptible, toCliError } from '@mnas/core/program'
import { afterEach, describe, expect, it, vi } from 'vitest'

describe('toCliError', () => {
  it('does not call a full disk a defect', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    expect(toCliError(full, 'mnas train')).toMatchObject({
      code: 'MNAS_FILE_WRITE',
      message: expect.stringContaining('no space left'),
    })
  })

  it('leaves ours alone, also those of another copy of core', () => {
    const error = coreErrors.MNAS_FILE_MISSING({ path: 'x', what: 'File' })
    expect(toCliError(error, 'mnas train')).toBe(error)
    const foreign = { [Symbol.for('mnas.error')]: true, code: 'MNAS_X', message: 'm', exitCode: 5 }
    expect(toCliError(foreign, 'mnas train')).toBe(foreign)
  })

  it("turns oclif's parse errors into one line", () => {
    const error = Object.assign(new Error('Missing 1 required arg:\nmodel  a model\nSee more help with --help'), {
      oclif: { exit: 2 },
    })
    expect(toCliError(error, 'mnas train')).toMatchObject({
      code: 'MNAS_USAGE',
      exitCode: 2,
      message: 'Missing 1 required arg: model a model. Run "mnas train --help" to see what it takes.',
    })
  })

  it('takes out of an error what the parser of flags has put around it', () => {
    const error = coreErrors.MNAS_FILE_MISSING({ path: 'x', what: 'File' })
    const { message } = error
    error.message = `Parsing --time \n\t${message}\nSee more help with --help`
    expect(toCliError(error, 'mnas train').message).toBe(`--time: ${message}`)
    const foreign = Object.assign(new Error('Parsing --size \n\tExpected an integer\nSee more help with --help'), {
      oclif: { exit: 2 },
    })
    expect(toCliError(foreign, 'mnas train').message).toMatch(/^--size: Expected an integer\. Run/)
  })

  it.each([[new Error('x is not a function\nsecond line')], ['a thrown text'], [undefined]])(
    'takes anything else for a defect: %s',
    (thrown) => {
      const error = toCliError(thrown, 'mnas train')
      expect(error).toMatchObject({ code: 'MNAS_INTERNAL', exitCode: 1 })
      expect(error.message).not.toContain('\n')
    },
  )
})

describe('formatError', () => {
  const error = cliErrors.MNAS_USAGE({ what: 'What', help: 'mnas --help' }, new Error('the cause'))

  it('is one line', () => {
    expect(formatError(error, { color: false, debug: false })).toBe('✗ MNAS_USAGE: What. Run "mnas --help" to see what it takes.')
  })

  it('is one line for names that hold line breaks or commands for the terminal', () => {
    const named = cliErrors.MNAS_USAGE({ what: 'No "a\u0007b\u001b[31m\u2028"', help: 'mnas' })
    expect(formatError(named, { color: false, debug: false })).toContain('No "a\\u{7}b\\u{1b}[31m\\u{2028}".')
  })

  it('shows the stacks of the error and its causes when debugging', () => {
    const text = formatError(error, { color: false, debug: true })
    expect(text).toContain('Error: the cause')
    expect(text.split('\n').length).toBeGreaterThan(3)
  })
})

describe('interruptible', () => {
  const signal = (name: 'SIGINT' | 'SIGTERM' | 'SIGHUP' = 'SIGINT') => process.emit(name, name)
  afterEach(() => void vi.useRealTimers())

  it('returns what the work returns and lets go of the signals', async () => {
    const before = process.listenerCount('SIGINT')
    expect(await interruptible(async () => 7)).toBe(7)
    expect(process.listenerCount('SIGINT')).toBe(before)
  })

  it.each([
    ['ends early', async (stop: AbortSignal) => stop.aborted],
    ['fails because its children were stopped', () => Promise.reject(new Error('child gone'))],
  ])('is interrupted with exit 130 and the command that continues, when the work %s', async (_what, end) => {
    let told = 0
    const work = async (stop: AbortSignal) => {
      signal()
      return end(stop)
    }
    await expect(interruptible(work, { resume: 'mnas search --out runs/x', onInterrupt: () => told++ })).rejects.toMatchObject({
      code: 'MNAS_INTERRUPTED',
      exitCode: 130,
      message: expect.stringContaining('Continue with: mnas search --out runs/x'),
    })
    expect(told).toBe(1)
  })

  it.each(['SIGTERM', 'SIGHUP'] as const)('ends by %s in the same way', async (name) => {
    const work = async () => void signal(name)
    await expect(interruptible(work)).rejects.toMatchObject({ code: 'MNAS_INTERRUPTED', exitCode: 130 })
  })

  it('kills at the second signal, not at the same one that came by two ways', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    let killed = 0
    const counts: number[] = []
    const work = async () => {
      signal('SIGTERM')
      counts.push(killed)
      signal('SIGTERM')
      counts.push(killed)
      vi.advanceTimersByTime(1000)
      signal('SIGTERM')
      counts.push(killed)
    }
    await expect(interruptible(work, { kill: () => killed++ })).rejects.toMatchObject({ code: 'MNAS_INTERRUPTED' })
    expect(counts).toEqual([0, 0, 1])
  })

  it('gives an error of the work itself when nobody interrupted', async () => {
    await expect(interruptible(() => Promise.reject(new Error('own')))).rejects.toThrow('own')
  })
})
