import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { deviceTurns } from '@mnas/core/measurement'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let folder: string
const children: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mnas-turns-'))
})

afterEach(async () => {
  await Promise.all(children.splice(0).map(kill))
  rmSync(folder, { recursive: true, force: true })
})

/** Another command that has a turn on a device. */
async function holder(device: string): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('./device-turns-holder.mjs', import.meta.url))
  const child = spawn(process.execPath, [script, folder, device], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  await once(child.stdout, 'data')
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

function command(device: string) {
  const [stop, said] = [new AbortController(), [] as string[]]
  const warn = (text: string) => void said.push(text)
  return { stop, said, turn: deviceTurns(device, { cacheFolder: folder, signal: stop.signal, warn }) }
}

describe('turns on a device', () => {
  it('come one after another, in one process too, whatever becomes of the work', async () => {
    const [one, other] = [command('phone:a'), command('phone:a')]
    const inside: number[] = []
    let here = 0
    const work = async () => {
      inside.push(++here)
      await nextTurn()
      here--
      throw new Error('broken')
    }
    const all = await Promise.allSettled([one.turn(work), other.turn(work), one.turn(work)])
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(inside).toEqual([1, 1, 1])
  })

  it('leave other devices alone', async () => {
    const { turn } = command('phone:b')
    expect(await command('phone:a').turn(() => turn(async () => 'both'))).toBe('both')
  })

  it('of others are waited for, with a word for whom, until the signal says otherwise', async () => {
    const other = await holder('phone:a')
    const { turn, stop, said } = command('phone:a')
    const stopped = [turn(async () => 1), turn(async () => 2)].map((each) => expect(each).rejects.toThrow('enough'))
    expect(said).toEqual([`Waiting for "phone:a": process ${other.pid} is using it.`])
    stop.abort(new Error('enough'))
    await Promise.all(stopped)
    const next = command('phone:a').turn(async () => 'free')
    other.stdin?.write('\n')
    expect(await next).toBe('free')
  })

  it('end with a process that is killed', async () => {
    const victim = await holder('phone:a')
    const next = command('phone:a').turn(async () => 'free')
    await kill(victim)
    expect(await next).toBe('free')
  })

  it('that can be had at once are had without a look at the signal', async () => {
    const { turn, stop } = command('phone:a')
    stop.abort()
    expect(await turn(async () => 'tidied')).toBe('tidied')
  })
})
