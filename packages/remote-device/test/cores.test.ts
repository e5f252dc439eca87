import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@mnas/core/contracts'
import { hashBytes } from '@mnas/core/files'
import { quickBenchmark, timingOf } from '@mnas/core/measurement'
import { testContext, testFile } from '@mnas/core/testing'
import { ChoosableCores, RemoteDevice, type RemoteSystem, type RemoteTool } from '@mnas/remote-device'
import { afterAll, describe, expect, it } from 'vitest'
import { localShell } from './support/local-shell.js'

const folder = mkdtempSync(join(tmpdir(), 'mnas-cores-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const limits = { limitMs: 10_000, signal: new AbortController().signal }

/** Four slow cores, three fast ones, one that is faster. */
const frequencies = new Map([1, 1, 1, 1, 2, 2, 2, 3].map((kHz, core) => [core, kHz]))

/** A shell whose taskset knows these masks, and on which cores it lets a process run that was begun with them. */
function shellOf(allowed: Readonly<Record<string, string>>) {
  const lines: string[] = []
  const cases = Object.entries(allowed).map(([mask, list]) => `${mask}) echo "Cpus_allowed_list: ${list}";;`)
  const shell = localShell({
    run: (line, around) => {
      lines.push(line)
      return localShell().run(`taskset() { case $1 in ${cases.join(' ')} *) return 1;; esac; }\n${line}`, around)
    },
  })
  return { shell, lines }
}

describe('the fastest cores of a device', () => {
  it('are those that it lets us choose, asked once after each start', async () => {
    const { shell, lines } = shellOf({ '80': '7', f0: '4-7' })
    const cores = new ChoosableCores()
    for (const boot of ['1', '1', '2'])
      expect(await cores.find({ frequencies, boot }, shell, limits)).toEqual({ fastestCores: ['80', 'f0'], traits: {} })
    expect(lines).toHaveLength(2)
  })

  it('make it another device where it does not: it times on others than its like', async () => {
    const find = (allowed: Readonly<Record<string, string>>) =>
      new ChoosableCores().find({ frequencies, boot: '1' }, shellOf(allowed).shell, limits)
    expect(await find({ '80': '7', f0: '4-6' })).toEqual({ fastestCores: ['80'], traits: { choosableCores: ['80'] } })
    expect(await find({})).toEqual({ fastestCores: [], traits: { choosableCores: [] } })
  })

  it('are all where they are alike: nobody is asked', async () => {
    const { shell, lines } = shellOf({})
    const alike = new Map([1, 1].map((kHz, core) => [core, kHz]))
    const found = await new ChoosableCores().find({ frequencies: alike, boot: '' }, shell, limits)
    expect(found).toEqual({ fastestCores: [], traits: {} })
    expect(lines).toEqual([])
  })
})

describe('a benchmark', () => {
  const path = join(folder, 'model.tflite')
  const bytes = Buffer.from('a model')
  writeFileSync(path, bytes)
  const file = testFile({ path, sizeBytes: bytes.length, sha256: hashBytes(bytes) })

  it('runs on as many of the fastest cores as it has threads, and says on which', async () => {
    const identity = { kind: 'board', emulated: true, traits: {}, details: {}, fastestCores: ['80', 'f0'] } as const
    const system: RemoteSystem = {
      shell: localShell(),
      folder: join(folder, 'device'),
      identify: async () => identity,
      condition: async () => ({ thermalStatus: null, celsius: null, batteryPercent: null, state: {} }),
    }
    const masks: (string | null)[] = []
    const tool: RemoteTool = {
      runtime: { name: 'tool', version: '1', sha256: 'a'.repeat(64) },
      prepare: async () => undefined,
      time: async ({ coreMask }, runs) => {
        masks.push(coreMask)
        return timingOf(Array<number>(runs).fill(1))
      },
    }
    const context = testContext([], { cacheFolder: join(folder, 'cache') })
    const device = new RemoteDevice({ system, tool, context, coolDownSeconds: 0, anchored: false, compared: false })
    const maskOf = async (threads: number, flags: JsonObject = {}) =>
      (await device.benchmark(file, { ...quickBenchmark, threads, flags })).before['coreMask']
    const said = [await maskOf(1), await maskOf(2), await maskOf(4), await maskOf(5), await maskOf(99)]
    expect(said).toEqual(['80', 'f0', 'f0', null, null])
    expect([await maskOf(2, { cores: 'all' }), await maskOf(2, { cores: '1' })]).toEqual([null, '1'])
    expect(masks).toEqual([...said, null, '1'])
    expect((await device.describe()).details).toEqual({ fastestCores: '80' })
    await device.close()
  })
})
