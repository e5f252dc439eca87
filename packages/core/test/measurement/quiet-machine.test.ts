import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { quietMachine } from '@mnas/core/measurement'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let folder: string
const children: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mnas-quiet-'))
})

afterEach(async () => {
  await Promise.all(children.splice(0).map(kill))
  rmSync(folder, { recursive: true, force: true })
})

/** A real process that holds the lock; `until(word)` resolves when it has printed the word. */
function holder(kind: 'work' | 'timing') {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./quiet-machine-holder.mjs', import.meta.url)), folder, kind], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
    child.emit('printed')
  })
  return {
    child,
    printed: () => printed,
    async until(word: string) {
      while (!printed.includes(word)) await once(child, 'printed')
    },
    release: () => child.stdin.write('\n'),
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

/** A promise that a test settles. */
function deferred() {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

/** Whether a promise has settled after everybody had several turns: with polling every 2–50 ms this is no race for what is possible. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false
  void promise.then(() => {
    done = true
  })
  for (let turn = 0; turn < 10; turn++) await quietMachine(join(folder, 'other')).whileWorking(() => nextTurn())
  return done
}
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('quietMachine in one process', () => {
  it('returns what the work returns and passes on what it throws, and is free afterwards', async () => {
    const machine = quietMachine(folder)
    expect(await machine.whileWorking(async () => 7)).toBe(7)
    expect(await machine.whileTiming(async () => 8)).toBe(8)
    await expect(machine.whileWorking(() => Promise.reject(new Error('broken step')))).rejects.toThrow('broken step')
    await expect(machine.whileTiming(() => Promise.reject(new Error('broken timing')))).rejects.toThrow('broken timing')
    expect(await machine.whileTiming(async () => 9)).toBe(9)
    expect(await machine.whileWorking(async () => 10)).toBe(10)
  })

  it('lets pieces of work overlap', async () => {
    const machine = quietMachine(folder)
    const both = deferred()
    let inside = 0
    const piece = () =>
      machine.whileWorking(async () => {
        inside++
        if (inside === 2) both.resolve()
        await both.promise
      })
    await Promise.all([piece(), piece()])
    expect(inside).toBe(2)
  })

  it('starts no timing while work goes on and no work while a timing waits or runs', async () => {
    const machine = quietMachine(folder)
    const log: string[] = []
    const first = deferred()
    const work = machine.whileWorking(async () => {
      log.push('work 1 begins')
      await first.promise
      log.push('work 1 ends')
    })
    const timing = machine.whileTiming(async () => {
      log.push('timing begins')
      await nextTurn()
      log.push('timing ends')
    })
    expect(await settled(timing)).toBe(false)
    const late = machine.whileWorking(async () => {
      log.push('work 2')
    })
    expect(await settled(late)).toBe(false)
    first.resolve()
    await Promise.all([work, timing, late])
    expect(log).toEqual(['work 1 begins', 'work 1 ends', 'timing begins', 'timing ends', 'work 2'])
  })

  it('is not starved by work that always overlaps', async () => {
    const machine = quietMachine(folder)
    let timed = false
    const worker = async () => {
      while (!timed) await machine.whileWorking(nextTurn)
    }
    const workers = [worker(), worker(), worker()]
    await nextTurn()
    await machine.whileTiming(async () => {
      timed = true
    })
    await Promise.all(workers)
    expect(timed).toBe(true)
  })

  it('gives timings their turns one after another', async () => {
    const machine = quietMachine(folder)
    let inside = 0
    const most: number[] = []
    const timing = () =>
      machine.whileTiming(async () => {
        most.push(++inside)
        await nextTurn()
        inside--
      })
    await Promise.all([timing(), timing(), timing()])
    expect(most).toEqual([1, 1, 1])
  })

  it('goes on at once inside what holds the lock, and refuses a timing inside work', async () => {
    const machine = quietMachine(folder)
    const waiting = deferred()
    await machine.whileWorking(async () => {
      const timing = machine.whileWorking(async () => 'nested')
      expect(await timing).toBe('nested')
      await expect(machine.whileTiming(async () => undefined)).rejects.toMatchObject({ code: 'MNAS_INTERNAL' })
      waiting.resolve()
    })
    await waiting.promise
    expect(await machine.whileTiming(() => machine.whileWorking(() => machine.whileTiming(async () => 'deep')))).toBe('deep')
  })

  it('does not take what outlives a piece of work for a part of it', async () => {
    const machine = quietMachine(folder)
    const after = deferred()
    let straggler: Promise<string> = Promise.resolve('')
    await machine.whileWorking(async () => {
      straggler = after.promise.then(() => machine.whileTiming(async () => 'timed on its own'))
    })
    after.resolve()
    expect(await straggler).toBe('timed on its own')
  })

  it('names a cache folder that cannot be written', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    await expect(quietMachine(join(file, 'below')).whileWorking(async () => 1)).rejects.toMatchObject({ code: 'MNAS_FILE_WRITE' })
  })
})

describe('whoever waits for the quiet machine', () => {
  const waiter = () => {
    const [stop, said] = [new AbortController(), [] as string[]]
    const warn = (text: string) => void said.push(text)
    return { stop, said, machine: quietMachine(folder, { signal: stop.signal, warn, patienceMs: 0 }) }
  }

  it.each(['whileWorking', 'whileTiming'] as const)('%s hears once who measures, and stops with its signal', async (method) => {
    const timer = holder('timing')
    await timer.until('holding')
    const { stop, said, machine } = waiter()
    const waits = [machine[method](async () => 1), machine[method](async () => 2)]
    const stopped = waits.map((each) => expect(each).rejects.toThrow('enough'))
    expect(said).toEqual([expect.stringContaining(`process ${timer.child.pid} measures`)])
    stop.abort(new Error('enough'))
    await Promise.all(stopped)
    timer.release()
    expect(await quietMachine(folder).whileTiming(async () => 'free')).toBe('free')
  })

  it('to measure while others work hears so, and opens the gate again when it stops', async () => {
    const worker = holder('work')
    await worker.until('holding')
    const { stop, said, machine } = waiter()
    const stopped = expect(machine.whileTiming(async () => 1)).rejects.toThrow('enough')
    await nextTurn()
    expect(said).toEqual([expect.stringContaining('until trainings on this computer pause')])
    stop.abort(new Error('enough'))
    await stopped
    expect(await quietMachine(folder).whileWorking(async () => 'open')).toBe('open')
  })
})

describe('quietMachine across processes', () => {
  it('makes a timing wait for work elsewhere, and work wait for a timing elsewhere', async () => {
    const worker = holder('work')
    await worker.until('holding')
    const timer = holder('timing')
    await timer.until('waiting')
    const timing = timer.until('holding')
    expect(await settled(timing)).toBe(false)
    worker.release()
    await timing
    const work = quietMachine(folder).whileWorking(async () => timer.printed())
    expect(await settled(work)).toBe(false)
    timer.release()
    await work
  })

  it('lets two processes work at once', async () => {
    const worker = holder('work')
    await worker.until('holding')
    expect(await quietMachine(folder).whileWorking(async () => 'both')).toBe('both')
  })

  it.each(['work', 'timing'] as const)('is freed by the kernel when a process that holds it for %s is killed', async (kind) => {
    const victim = holder(kind)
    await victim.until('holding')
    const timing = quietMachine(folder).whileTiming(async () => 'free')
    expect(await settled(timing)).toBe(false)
    await kill(victim.child)
    expect(await timing).toBe('free')
  })

  it('opens the gate again when a waiting timing is killed', async () => {
    const worker = holder('work')
    await worker.until('holding')
    const timer = holder('timing')
    await timer.until('waiting')
    const machine = quietMachine(folder)
    let refused = false
    while (!refused) {
      const piece = machine.whileWorking(async () => undefined)
      refused = !(await settled(piece))
      if (refused) {
        await kill(timer.child)
        await piece
      }
    }
    expect(timer.printed()).not.toContain('holding')
  })
})
