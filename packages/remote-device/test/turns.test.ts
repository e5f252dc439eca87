import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProcessTiming } from '@mnas/core/contracts'
import { hashBytes } from '@mnas/core/files'
import { fullBenchmark } from '@mnas/core/measurement'
import { testContext, testFile } from '@mnas/core/testing'
import { RemoteDevice, type RemoteSystem, type RemoteTool } from '@mnas/remote-device'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { localShell } from './support/local-shell.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mnas-two-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const timing: ProcessTiming = { count: 50, medianMs: 1, meanMs: 1, minMs: 1, maxMs: 1, stdMs: 0 }

/** One device, as two commands use it, with a tool that counts how many run on it at once. */
function bench() {
  const there = join(folder, 'there')
  const system: RemoteSystem = {
    shell: localShell(),
    folder: there,
    identify: async () => ({ kind: 'board', emulated: true, traits: {}, details: {}, fastestCores: [] }),
    condition: async () => ({ thermalStatus: null, celsius: null, batteryPercent: null, state: {} }),
  }
  const atOnce: number[] = []
  let [running, held] = [0, Promise.resolve()]
  const tool: RemoteTool = {
    runtime: { name: 'fake', version: '1', sha256: 'ab'.repeat(32) },
    prepare: async () => undefined,
    async time({ model }) {
      atOnce.push(++running)
      await held
      // A look by a process of its own, which takes a while.
      await localShell().run('true', { limitMs: 10_000, signal: new AbortController().signal })
      running--
      expect(existsSync(model)).toBe(true)
      return timing
    },
  }
  const path = join(folder, 'model.tflite')
  const bytes = Buffer.alloc(2000, 'model')
  writeFileSync(path, bytes)
  const file = testFile({ path, sizeBytes: bytes.length, sha256: hashBytes(bytes) })
  const command = (signal = new AbortController().signal) => {
    const context = testContext([], { cacheFolder: join(folder, 'cache'), signal })
    const device = new RemoteDevice({ system, tool, context, coolDownSeconds: 0, anchored: true, compared: false })
    return { device, measure: () => device.benchmark(file, fullBenchmark) }
  }
  /** Lets no run end before the function that it gives is called. */
  const hold = () => {
    let release: () => void = () => undefined
    held = new Promise<void>((resolve) => {
      release = resolve
    })
    return () => release()
  }
  return { command, hold, atOnce, left: () => readdirSync(there) }
}

describe('two commands on one device', () => {
  it('time on it one after another, and neither takes a file away while the other uses it', async () => {
    const { command, atOnce, left } = bench()
    const [one, other] = [command(), command()]
    await Promise.all([one.measure(), other.measure()])
    await Promise.all([one.device.close(), other.measure()])
    expect(new Set(atOnce)).toEqual(new Set([1]))
    await other.device.close()
    expect(left()).toEqual([])
  })

  it('do not wait for each other after Ctrl-C, and leave what is in use', async () => {
    const { command, hold, left } = bench()
    const stop = new AbortController()
    const [one, other] = [command(stop.signal), command()]
    await one.measure()
    const release = hold()
    const measured = other.measure()
    stop.abort(new Error('enough'))
    await one.device.close()
    expect(left()).not.toEqual([])
    release()
    await measured
    await other.device.close()
    expect(left()).toEqual([])
  })
})
