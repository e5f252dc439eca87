import { readFileSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { deployAnswer, deviceBenchmarkAnswer, deviceProfileAnswer } from '@mnas/core/answers'
import { openMeasurementCache } from '@mnas/core/measurement'
import { testSurroundings } from '@mnas/core/testing'
import { liteRtJs } from '@mnas/tflite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { probeServer } from '../../packages/plugin-device-android/dist/adb/probe-server.js'
import { SoftwarePhone, type SoftwarePhoneOptions } from '../../packages/plugin-device-android/dist/emulator/software-phone.js'
import { type PrivateAdb, privateAdb, testAdb } from '../../packages/plugin-device-android/test/support/test-adb.js'
import { type MnasOptions, mnas, startMnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { processesWith } from '../support/processes-with.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'

const adb = testAdb()
/** Real answers of LiteRT, and times that only the size of a file decides: nothing here depends on how busy the machine is. */
const sizedRuntime: typeof liteRtJs = {
  ...liteRtJs,
  timeMs: async ({ path }, { runs }) => Array<number>(runs).fill(0.2 + (4 * statSync(path).size) / 1e6),
}

describe.skipIf(adb === null)('mnas with an Android phone', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let server: PrivateAdb
  const phones: SoftwarePhone[] = []

  beforeAll(async () => {
    folder = await temporaryFolder('android')
    server = await privateAdb(adb!)
    await writeTinyNetwork(join(folder.path, 'tiny.json'))
    await smallPictures(join(folder.path, 'pictures'))
  })
  afterAll(async () => {
    for (const phone of phones) await phone.close()
    await server.close()
    await folder.remove()
  })

  const options = (): MnasOptions => ({
    cwd: folder.path,
    env: { ...server.env, MNAS_ADB: adb!, MNAS_CACHE_FOLDER: join(folder.path, 'cache'), MNAS_PROGRESS: 'plain' },
  })
  const phone = async (faults: readonly string[] = [], changes: Partial<SoftwarePhoneOptions> = {}) => {
    const around = testSurroundings({ cacheFolder: join(folder.path, 'phone-cache') })
    const started = await SoftwarePhone.start({ runtime: sizedRuntime, around, faults, ...changes })
    phones.push(started)
    return started
  }
  const through = (device: SoftwarePhone) => [
    '--device',
    `android:${device.serial}`,
    '--option',
    `benchmark-model=${device.tool}`,
  ]

  it('sets up the software phone, and times on it with the LiteRT of this computer', { timeout: 180_000 }, async () => {
    const emulator = startMnas(['device', 'emulator'], options())
    try {
      let said = ''
      await emulator.says((stderr) => {
        said = stderr
        return /mnas device benchmark/.test(stderr)
      })
      const [, serial] = /android:(127\.0\.0\.1:\d+)/.exec(said)!
      const [, tool] = /benchmark-model=(\S+)/.exec(said)!
      const setUp = await mnas(
        ['device', 'setup', `android:${serial}`, '--option', `benchmark-model=${tool}`, '--yes', '--json'],
        options(),
      )
      expect(setUp.json(), setUp.stderr).toMatchObject({ runtime: { name: 'benchmark_model', version: 'classic' } })
      const listed = await mnas(['device', 'list', '--json'], options())
      expect(listed.json<{ devices: readonly object[] }>().devices).toContainEqual({
        device: `android:${serial}`,
        state: 'ready',
        description: 'software phone',
        emulated: true,
      })
      const few = ['--processes', '1', '--runs', '3']
      const timed = await mnas(['device', 'benchmark', 'tiny.json', '--device', `android:${serial}`, ...few, '--json'], options())
      expect(timed.json(), timed.stderr).toMatchObject({
        device: `android:${serial}`,
        emulated: true,
        processes: [{ count: 3 }],
        numerics: { agrees: true },
      })
      const inWords = await mnas(['device', 'benchmark', 'tiny.json', '--device', `android:${serial}`, ...few], options())
      const profiled = await mnas(['device', 'profile', 'tiny.json', '--device', `android:${serial}`, '--json'], options())
      expect(deviceProfileAnswer.parse(profiled.json()).rows).toMatchObject([{ op: 'TfLiteXNNPackDelegate', unit: 'cpu' }])
      expect(inWords.stdout).toMatch(/with benchmark_model classic: [\d.]+ ms \(spread 0\.0 %; .*emulated\)/)
    } finally {
      emulator.kill('SIGINT')
      expect((await emulator.ended).exitCode).toBe(130)
    }
  })

  it('killed in the middle of a measurement, leaves no process on the phone and no half record', async () => {
    const hanging = await phone(['hang'])
    const measuring = startMnas(['device', 'benchmark', 'tiny.json', ...through(hanging)], options())
    await vi.waitFor(() => expect(hanging.log.some((line) => line.includes('--graph'))).toBe(true), { timeout: 30_000 })
    measuring.kill('SIGKILL')
    expect((await measuring.ended).signal).toBe('SIGKILL')
    await vi.waitFor(() => expect(hanging.processes()).toBe(0), { timeout: 10_000 })
    const left = await readdir(join(folder.path, 'cache'), { recursive: true }).catch(() => [])
    expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([])
    openMeasurementCache(join(folder.path, 'cache')).close()
  })

  it.skipIf(process.platform !== 'linux')(
    'killed with a server of adb of its own, leaves none; and the other one stays',
    async () => {
      const hanging = await phone(['hang'])
      // Who never answers: the port is a stranger's.
      const stranger = createServer((socket) => void socket.on('error', () => undefined))
      await new Promise<void>((resolve) => void stranger.listen(0, '127.0.0.1', resolve))
      const { port } = stranger.address() as AddressInfo
      try {
        const own = ['--option', `adb-port=${port}`]
        const measuring = startMnas(['device', 'benchmark', 'tiny.json', ...through(hanging), ...own], options())
        await vi.waitFor(() => expect(hanging.log.some((line) => line.includes('--graph'))).toBe(true), { timeout: 30_000 })
        const left = () => processesWith(`MNAS_CACHE_FOLDER=${join(folder.path, 'cache')}`)
        // The command, its client, the server and whoever keeps it.
        expect((await left()).length).toBeGreaterThanOrEqual(4)
        measuring.kill('SIGKILL')
        expect((await measuring.ended).signal).toBe('SIGKILL')
        await vi.waitFor(async () => expect(await left()).toEqual([]), { timeout: 15_000 })
        await vi.waitFor(() => expect(hanging.processes()).toBe(0), { timeout: 10_000 })
        expect((await probeServer(server.port)).kind).toBe('server')
      } finally {
        stranger.close()
      }
    },
  )

  it('searches on the phone, waits for it when it is gone, trains and deploys; all of it says that it was emulated', {
    timeout: 300_000,
  }, async () => {
    const device = await phone(['vanish=1'])
    const search = ['search', '--data', 'pictures', '--out', 'run', '--size', '32', '--width', '0.35', '--target-latency', '6ms']
    const few = ['--trials', '1', '--proxy-epochs', '1', '--threads', '1', '--workers', '0']
    const searched = await mnas(
      [...search, ...few, ...through(device), '--option', 'anchor=false', '--option', 'compare=false', '--json'],
      options(),
    )
    expect(searched.exitCode, searched.stderr).toBe(0)
    expect(searched.stderr).toMatch(/Lost device "android:127\.0\.0\.1:\d+"/)
    expect(searched.stderr).toContain('emulated')
    expect(searched.json<{ counts: object }>().counts).toMatchObject({ completed: 1, lost: 0 })
    const train = [
      'train',
      'run',
      '--data',
      'pictures',
      '--epochs',
      '1',
      '--batch',
      '8',
      '--out',
      'model',
      '--threads',
      '1',
      '--workers',
      '0',
    ]
    expect((await mnas(train, options())).exitCode).toBe(0)
    const deployed = await mnas(['deploy', 'model', ...through(device), '--threads', '1', '--json'], options())
    expect(deployed.exitCode, deployed.stderr).toBe(0)
    const answer = deployed.json<{ device: string; emulated: boolean; files: readonly { file: string }[] }>()
    expect(answer).toMatchObject({ device: `android:${device.serial}`, emulated: true })
    expect(readFileSync(join(folder.path, `${answer.files[0]!.file}.json`), 'utf8')).toContain('"emulated": true')
    await vi.waitFor(() => expect(device.processes()).toBe(0), { timeout: 10_000 })
  })

  it('tells of the wait for a hot phone, and marks what was measured in the heat', async () => {
    const hot = await phone(['hot'])
    const few = ['--processes', '1', '--runs', '3', '--option', 'cool-down=1', '--option', 'compare=false']
    const { stdout, stderr, exitCode } = await mnas(['device', 'benchmark', 'tiny.json', ...through(hot), ...few], options())
    expect(exitCode, stderr).toBe(0)
    expect(stderr).toContain('Waiting 1 s: the device is hot (41.0 °C, thermal status 2)')
    expect(stdout).toContain('UNSTABLE: the device was hot, measure again; emulated')
    const deploy = ['deploy', 'tiny.json', '--random-weights', '--out', 'hot', '--threads', '1', '--option', 'cool-down=0']
    const deployed = await mnas([...deploy, ...through(hot), '--json'], options())
    expect(deployAnswer.parse(deployed.json()).files).toMatchObject([
      { stable: false, doubts: ['thermal'], numerics: { agrees: true }, before: { batteryCelsius: 41, thermalStatus: 2 } },
    ])
  })

  it('runs a model on and on, and says what it costs before its first answer', async () => {
    const device = await phone([], { fixedMs: 10 })
    const once = ['--processes', '1', '--runs', '3', '--option', 'compare=false', '--sustained', '1s']
    const answer = await mnas(['device', 'benchmark', 'tiny.json', ...through(device), ...once, '--json'], options())
    const { load, sustained } = deviceBenchmarkAnswer.parse(answer.json())
    expect(load).toMatchObject({
      firstMs: expect.any(Number),
      cachedMs: expect.any(Number),
      firstInferenceMs: 10,
      peakBytes: 2 ** 23,
    })
    expect(sustained).toMatchObject({ firstMs: 10, lastMs: 10, throttled: false, doubts: [] })
    const hot = await phone(['hot', 'no-cache'], { fixedMs: 10 })
    const words = [...through(hot), ...once, '--option', 'cool-down=0']
    const { stdout, stderr } = await mnas(['device', 'benchmark', 'tiny.json', ...words], options())
    expect(stdout, stderr).toMatch(
      /^load {7}[\d.e-]+ ms, with its weights prepared unknown \(this build of benchmark_model keeps no weights\), first/m,
    )
    expect(stdout).toMatch(
      /^sustained {2}\d+ s in \d+ process(es)?: 10\.0 ms .* 10\.0 ms in the last, 0\.0 % slower \(the device was hot\)$/m,
    )
  })

  it('compares models on several devices in one table', { timeout: 180_000 }, async () => {
    const [one, other] = [await phone(), await phone()]
    const devices = `android:${one.serial},android:${other.serial}`
    const few = ['--processes', '1', '--runs', '3', '--option', `benchmark-model=${one.tool}`]
    const compare = ['device', 'compare', 'tiny.json', 'mnasnet-small@0.35', '--device', devices, ...few]
    const { stdout, stderr } = await mnas(compare, options())
    const lines = stdout.trim().split('\n')
    expect(lines[0], stderr).toMatch(/^model +device +bytes +ms +ratio +spread +remarks$/)
    expect(lines.slice(1).map((line) => line.split(/ {2,}/)[0])).toEqual([
      'tiny.json',
      'mnasnet-small@0.35',
      'tiny.json',
      'mnasnet-small@0.35',
    ])
    for (const line of lines.slice(1)) expect(line).toMatch(/emulated$/)
    for (const line of [lines[1], lines[3]]) expect(line).toContain(' 1.00 ')
  })

  it('two phones and no serial: both named, exit 2', async () => {
    const two = [await phone(), await phone()]
    for (const { serial } of two) await server.run('connect', serial)
    const { exitCode, stderr } = await mnas(['device', 'benchmark', 'tiny.json', '--device', 'android'], options())
    expect(exitCode).toBe(2)
    for (const { serial } of two) expect(stderr).toContain(`--device android:${serial}`)
  })
})
