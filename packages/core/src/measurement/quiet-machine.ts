import { AsyncLocalStorage } from 'node:async_hooks'
import { join, resolve } from 'node:path'
import type { QuietMachine } from '../contracts/index.js'
import { coreErrors } from '../errors/index.js'
import { type LockFile, openLockFile, signLock, tellHolder, until, type Waiting } from '../storage/index.js'

/** What the asynchronous call chain is already inside of. `active` ends with it: timers and streams that outlive it inherit the context. */
interface Standing {
  readonly kind: 'work' | 'timing'
  active: boolean
}

/** Who uses the quiet machine, and may have to wait. */
export interface QuietWaiter extends Pick<Waiting, 'signal' | 'patienceMs'> {
  /** Told for whom it waits, when that takes long; once of each. */
  readonly warn?: ((message: string) => void) | undefined
}

const machines = new Map<string, (waiter: QuietWaiter) => QuietMachine>()

/**
 * The lock of a cache folder that keeps work and timing apart, across processes. Work (a training step, an evaluation batch, a decode
 * task) holds it shared, only for its duration; a host timing holds it alone. The kernel frees it when its holder dies, `kill -9` included.
 *
 * Think of a room with a gate before it. To work, one passes the gate (shared, let go at once) and stays in the room (shared). To time, one
 * closes the gate (alone), waits until the room is empty, and has it (alone). So nobody starts new work while a timing waits, and a timing
 * waits no longer than the longest piece of work.
 *
 * Rules:
 * - work inside work, and work or timing inside a timing, go on at once: they are part of what holds the lock already;
 * - a timing inside work would wait for itself and is MNAS_INTERNAL;
 * - pieces of work overlap freely, in one process or several; timings take turns;
 * - whoever waits sleeps between attempts (2–50 ms); the event loop stays free, so waiting workers keep beating;
 * - the signal ends a wait, not what came of it: the work sees to that itself.
 *
 * Costs some tens of microseconds per piece of work. The locks lie in `<cacheFolder>/quiet/`; deleting them under running processes parts the room in two.
 * @throws MNAS_FILE_WRITE (from both methods) when the folder cannot be written, the signal's reason
 */
export function quietMachine(cacheFolder: string, waiter: QuietWaiter = {}): QuietMachine {
  const folder = resolve(cacheFolder, 'quiet')
  const machine = machines.get(folder) ?? createMachine(folder)
  machines.set(folder, machine)
  return machine(waiter)
}

function createMachine(folder: string): (waiter: QuietWaiter) => QuietMachine {
  const standing = new AsyncLocalStorage<Standing>()
  const work = lazily(() => workEntrance(folder))
  const timing = lazily(() => timingEntrance(folder))

  const inside = async <T>(kind: Standing['kind'], run: () => Promise<T>): Promise<T> => {
    const here: Standing = { kind, active: true }
    try {
      return await standing.run(here, run)
    } finally {
      here.active = false
    }
  }

  return (waiter) => {
    const waits = waitsOf(folder, waiter)
    return {
      async whileWorking(run) {
        if (standing.getStore()?.active) return run()
        const entrance = work()
        await until(entrance.tryEnter, waits.gate)
        try {
          return await inside('work', run)
        } finally {
          entrance.leave()
        }
      },
      async whileTiming(run) {
        const here = standing.getStore()
        if (here?.active && here.kind === 'timing') return run()
        if (here?.active)
          throw coreErrors.MNAS_INTERNAL({ what: 'a timing was started inside a piece of work and would wait for itself' })
        return timing().alone(() => inside('timing', run), waits)
      },
    }
  }
}

interface Waits {
  /** Until a timing ends. */
  readonly gate: Waiting
  /** Until the work that goes on ends. */
  readonly room: Waiting
}

function waitsOf(folder: string, { signal, patienceMs, warn }: QuietWaiter): Waits {
  if (!warn) return { gate: { signal, patienceMs }, room: { signal, patienceMs } }
  const forTiming = tellHolder(gateFile(folder), (holder) =>
    warn(`Waiting while ${holder} measures a latency on this computer, which needs it quiet.`),
  )
  let told = false
  const forWork = () => {
    if (!told) warn('Waiting to measure a latency until trainings on this computer pause: their steps take long.')
    told = true
  }
  return { gate: { signal, patienceMs, onWait: forTiming }, room: { signal, patienceMs, onWait: forWork } }
}

/** How this process comes to work: one lock, held while at least one piece of work is going on. Both methods are synchronous, thus whole. */
function workEntrance(folder: string) {
  const { gate, room } = openLocks(folder)
  let pieces = 0
  return {
    tryEnter(): boolean {
      if (!gate.tryShared()) return false
      try {
        if (pieces === 0 && !room.tryShared()) return false
        pieces++
        return true
      } finally {
        gate.release()
      }
    },
    leave(): void {
      pieces--
      if (pieces === 0) room.release()
    },
  }
}

/** How this process comes to time: one pair of locks, for one timing after another. */
function timingEntrance(folder: string) {
  const { gate, room } = openLocks(folder)
  let taken = false
  const tryGate = (): boolean => {
    if (taken || !gate.tryExclusive()) return false
    signLock(gateFile(folder))
    taken = true
    return true
  }
  return {
    async alone<T>(run: () => Promise<T>, waits: Waits): Promise<T> {
      await until(tryGate, waits.gate)
      try {
        await until(room.tryExclusive, waits.room)
        return await run()
      } finally {
        room.release()
        gate.release()
        taken = false
      }
    },
  }
}

function openLocks(folder: string): { readonly gate: LockFile; readonly room: LockFile } {
  return { gate: openLockFile(gateFile(folder)), room: openLockFile(join(folder, 'room.db')) }
}

const gateFile = (folder: string) => join(folder, 'gate.db')

function lazily<T>(create: () => T): () => T {
  let value: { readonly created: T } | undefined
  return () => {
    value ??= { created: create() }
    return value.created
  }
}
