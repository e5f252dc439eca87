import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DeviceDriver, ModelFile } from '@mnas/core/contracts'
import { hashJson } from '@mnas/core/files'
import { timingOf } from '@mnas/core/measurement'
import { createRegistry, discoverManifests } from '@mnas/core/plugins'
import { deviceConformance, replayDevice, replayLatencyMs, testContext, testFile } from '@mnas/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const context = testContext([], { cacheFolder: '/nonexistent' })
const file = testFile()
const options = { threads: 1, processes: 3, runs: 2, maxSpread: 0.1, flags: {} }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-replay-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function table(content: unknown): Promise<string> {
  const path = join(folder, `${hashJson(content).slice(0, 8)}.json`)
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

async function measure(selector?: string, of = file) {
  const device = await replayDevice.open({ selector, options: {} }, context)
  return { info: await device.describe(), measured: await device.benchmark(of, options) }
}

describe('the replay device passes the conformance suite', () => {
  for (const { name, run } of deviceConformance(replayDevice, context, file)) it(name, run)
})

describe('a wrong device is caught', () => {
  const wrong = (changes: object): DeviceDriver => ({
    ...replayDevice,
    open: async (choice, surroundings) => {
      const device = await replayDevice.open(choice, surroundings)
      const benchmark: typeof device.benchmark = async (...call) => ({ ...(await device.benchmark(...call)), ...changes })
      return { describe: () => device.describe(), benchmark, close: () => device.close() }
    },
  })
  const timing = (driver: DeviceDriver) => deviceConformance(driver, context, file).find(({ name }) => name === 'times a model')!

  it.each([
    { latencyMs: 1 },
    { spread: 0.05 },
    { stable: false },
    { flags: { threads: undefined } },
    { processes: [timingOf([1]), timingOf([1])] },
    { processes: Array(3).fill({ ...timingOf([16, 16]), count: 3 }) },
    { statistic: 'mean' },
    { fingerprint: hashJson('other') },
  ])('%j', async (changes) => {
    await expect(timing(wrong(changes)).run()).rejects.toMatchObject({ code: 'MNAS_CONFORMANCE_BROKEN' })
  })
})

describe('a wrong list of options is caught', () => {
  const option = { name: 'speed', summary: 'how fast', kind: 'number' } as const

  it.each<Partial<DeviceDriver>>([
    { options: [option], flags: [option] },
    { options: [{ ...option, name: 'Speed' }] },
    { options: [{ ...option, summary: '' }] },
    { options: [{ ...option, choices: ['1'] }] },
  ])('%j', async (changes) => {
    const suite = deviceConformance({ ...replayDevice, ...changes }, context, file)
    await expect(suite[0]!.run()).rejects.toMatchObject({ code: 'MNAS_CONFORMANCE_BROKEN' })
  })
})

describe('the replay device', () => {
  it('is what the package contributes as "replay"', async () => {
    const pjson = createRequire(import.meta.url)('@mnas/core/package.json') as object
    const root = fileURLToPath(new URL('../..', import.meta.url))
    const registry = createRegistry(discoverManifests([{ name: '@mnas/core', root, pjson }]))
    expect(await registry.get('device', 'replay')).toBe(replayDevice)
  })

  it('answers from the table, else from its formula', async () => {
    const selector = await table({ version: 1, latencyMs: { [file.structure]: 12.5 } })
    expect((await measure(selector)).measured.latencyMs).toBe(12.5)
    const other = { ...file, structure: hashJson('other') }
    expect((await measure(selector, other)).measured.latencyMs).toBe(replayLatencyMs(other))
    expect((await measure()).measured.latencyMs).toBe(replayLatencyMs(file))
  })

  it('is as much slower as it is told, as part of what the latency belongs to', async () => {
    const device = await replayDevice.open({ selector: undefined, options: {} }, context)
    const slower = await device.benchmark(file, { ...options, flags: { factor: 2 } })
    expect(slower).toMatchObject({ latencyMs: 2 * replayLatencyMs(file), flags: { threads: 1, factor: 2 } })
    const never = device.benchmark(file, { ...options, flags: { factor: 0 } })
    await expect(never).rejects.toMatchObject({ code: 'MNAS_REPLAY_FACTOR', exitCode: 2 })
  })

  it('depends on size and structure alone, within 10 % of 0.2 ms + 4 ms per MB', () => {
    expect(replayLatencyMs({ ...file, path: 'elsewhere' } as ModelFile)).toBe(replayLatencyMs(file))
    expect(replayLatencyMs(file)).not.toBe(replayLatencyMs({ ...file, structure: hashJson('other') }))
    expect(Math.abs(replayLatencyMs(file) / 16.2 - 1)).toBeLessThanOrEqual(0.1)
  })

  it('is emulated, and another device under another table', async () => {
    const { info } = await measure()
    expect(info).toMatchObject({ name: 'replay', kind: 'host', emulated: true })
    const selector = await table({ version: 1, latencyMs: { [file.structure]: 3 } })
    expect((await measure(selector)).info.fingerprint).not.toBe(info.fingerprint)
  })

  it.each([
    ['not JSON', '{'],
    ['another version', { version: 2, latencyMs: {} }],
    ['a negative latency', { version: 1, latencyMs: { a: -1 } }],
    ['text for a latency', { version: 1, latencyMs: { a: '3' } }],
  ])('refuses a table that is %s', async (_title, content) => {
    await expect(replayDevice.open({ selector: await table(content), options: {} }, context)).rejects.toMatchObject({
      code: 'MNAS_REPLAY_TABLE',
      exitCode: 3,
    })
  })

  it('refuses a table that is not there', async () => {
    await expect(replayDevice.open({ selector: join(folder, 'none.json'), options: {} }, context)).rejects.toMatchObject({
      code: 'MNAS_REPLAY_TABLE',
    })
  })
})
