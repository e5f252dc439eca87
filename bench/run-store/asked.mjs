import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { acquireLease } from '@mnas/core/storage'
import { targetMs } from './make-trials.mjs'

/** Times `search ask` and `search tell` on a run, and how long each holds the run, as another process sees that waits for it. */
export async function timeAsked(run, { rounds, program, env }) {
  const times = { ask: [], tell: [], askHeldMs: [], tellHeldMs: [] }
  for (let round = 0; round < rounds; round++) {
    const asked = await watched(run, [program, 'search', 'ask', run, '--json'], env)
    const { trials } = JSON.parse(asked.stdout)
    const told = ['search', 'tell', run, '--trial', `${trials[0].trial}`, '--metric', `top1=${(0.5 + round / 100).toFixed(2)}`]
    const tale = await watched(run, [program, ...told], env)
    times.ask.push(asked.seconds)
    times.tell.push(tale.seconds)
    times.askHeldMs.push(asked.heldMs)
    times.tellHeldMs.push(tale.heldMs)
  }
  return times
}

export function newRun(run, { program, env, size, width }) {
  const words = [
    '--classes',
    '4',
    '--size',
    `${size}`,
    '--width',
    `${width}`,
    '--target-latency',
    `${targetMs}ms`,
    '--device',
    'replay',
  ]
  const { status, stderr } = spawnSync(process.execPath, [program, 'search', 'new', run, ...words], { env, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')).settings
}

/** A command, and the longest time for which the run could not be had meanwhile. */
async function watched(run, args, env) {
  const started = performance.now()
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (text) => {
    stdout += text
  })
  child.stderr.on('data', (text) => {
    stderr += text
  })
  let code
  const ended = new Promise((resolve) => child.on('close', resolve)).then((status) => {
    code = status
    return performance.now()
  })
  const heldMs = await longestHeld(run, () => code !== undefined)
  const end = await ended
  if (code !== 0) throw new Error(stderr)
  return { stdout, heldMs, seconds: (end - started) / 1000 }
}

async function longestHeld(run, isOver) {
  let [longest, since] = [0, null]
  while (!isOver()) {
    try {
      const lease = await acquireLease(run)
      lease.release()
      if (since !== null) longest = Math.max(longest, performance.now() - since)
      since = null
    } catch {
      since ??= performance.now()
    }
    await delay(2)
  }
  return longest
}
