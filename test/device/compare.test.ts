import { join } from 'node:path'
import { deviceCompareAnswer } from '@mnas/core/answers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder('compare')
  await writeTinyNetwork(join(folder.path, 'tiny.json'))
})
afterAll(() => folder.remove())
const cli = (...args: string[]) => mnas(args, { cwd: folder.path, env: { MNAS_CACHE_FOLDER: join(folder.path, 'cache') } })

describe('mnas device compare', () => {
  it('times each model on each device, and tells all that a benchmark tells', async () => {
    const { exitCode, stderr, json } = await cli(
      'device',
      'compare',
      'tiny.json',
      'mnasnet-small@0.35',
      '--device',
      'replay',
      '--json',
    )
    expect(exitCode, stderr).toBe(0)
    const { measurements } = deviceCompareAnswer.parse(json())
    expect(measurements.map(({ model, device, emulated }) => ({ model, device, emulated }))).toEqual([
      { model: 'tiny.json', device: 'replay', emulated: true },
      { model: 'mnasnet-small@0.35', device: 'replay', emulated: true },
    ])
    expect(measurements[1]!.latencyMs).toBeGreaterThan(measurements[0]!.latencyMs)
  })

  it('is a table for people, with the ratio to the first model', async () => {
    const { stdout } = await cli('device', 'compare', 'tiny.json', 'mnasnet-small@0.35', '--device', 'replay')
    const [header, first, second] = stdout.trim().split('\n')
    expect(header).toMatch(/^model +device +bytes +ms +ratio +spread +remarks$/)
    expect(first).toMatch(/^tiny\.json +replay +\d+ +[\d.]+ +1\.00 +0\.0 % +emulated$/)
    expect(second).toMatch(/^mnasnet-small@0\.35 +replay /)
  })

  it('needs a model', async () => {
    expect((await cli('device', 'compare', '--device', 'replay')).exitCode).toBe(2)
  })
})

describe('mnas device profile', () => {
  it('says when a device cannot tell where the time goes', async () => {
    const { exitCode, json } = await cli('device', 'profile', 'tiny.json', '--device', 'replay', '--json')
    expect(exitCode).toBe(2)
    expect(json<{ error: { code: string } }>().error.code).toBe('MNAS_DEVICE_NO_PROFILE')
  })
})
