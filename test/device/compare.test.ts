import { join } from 'node:path'
import { deviceCompareAnswer } from '@mnas/core/answers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'
import { writeRandomBundle } from './random-bundle.js'
import { workspaceRegistry } from './workspace-registry.js'

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

  it('times networks for the classes and the size that are asked for, and says so', async () => {
    const changes = ['--size', '64', '--task-option', 'classes=6']
    const { exitCode, stderr, json } = await cli(
      'device',
      'compare',
      'mnasnet-small@0.35',
      '--device',
      'replay',
      ...changes,
      '--json',
    )
    expect(exitCode, stderr).toBe(0)
    expect(stderr).toContain('mnasnet-small@0.35: 64 px, classification {"classes":6')
    const [measured] = deviceCompareAnswer.parse(json()).measurements
    expect(measured).toMatchObject({ inputs: [{ shape: [1, 64, 64, 3] }], outputs: [{ shape: [1, 6] }] })
  })

  it('refuses to change what a file or trained weights hold', async () => {
    const written = await cli('export', 'tiny.json', '--format', 'tflite', '--random-weights', '--out', 'exports')
    expect(written.exitCode, written.stderr).toBe(0)
    await writeRandomBundle(join(folder.path, 'trained'), await workspaceRegistry())
    const refused = async (...args: string[]) =>
      (await cli('device', 'benchmark', ...args, '--device', 'replay', '--json')).json<{
        error: { code: string; message: string }
      }>().error
    const file = join('exports', 'tiny.tflite')
    expect(await refused(file, '--size', '96')).toMatchObject({
      code: 'MNAS_MODEL_FIXED',
      message: expect.stringContaining('--size'),
    })
    expect((await refused(file, '--task-option', 'classes=3')).code).toBe('MNAS_MODEL_FIXED')
    expect((await refused('trained', '--task-option', 'classes=3')).code).toBe('MNAS_MODEL_FIXED')
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
