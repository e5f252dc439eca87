import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openMeasurementCache } from '@mnas/core/measurement'
import { deviceConformance, testContext, writeTestFile } from '@mnas/core/testing'
import { sshDriver } from '@mnas/plugin-device-ssh'
import { liteRt, tfliteExporter } from '@mnas/tflite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Board, startBoard, testSshd } from '../../packages/plugin-device-ssh/test/support/test-sshd.js'
import { type MnasOptions, mnas, startMnas } from '../support/mnas.js'
import { nativeLibrary } from '../support/native-library.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'

const sshd = testSshd()
const library = nativeLibrary()
if (sshd && !library) {
  const message = 'LiteRT’s library is not set up: mnas device setup host'
  if (process.env['CI']) throw new Error(message)
  console.warn(`Tests of boards are skipped. ${message}`)
}

describe.skipIf(!sshd || !library)('mnas with a board over ssh', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let board: Board
  let cacheFolder: string
  beforeAll(async () => {
    folder = await temporaryFolder('ssh')
    cacheFolder = join(folder.path, 'cache')
    board = await startBoard(sshd!)
    await writeTinyNetwork(join(folder.path, 'tiny.json'))
  })
  afterAll(async () => {
    board.close()
    await folder.remove()
  })

  const options = (): MnasOptions => ({
    cwd: folder.path,
    env: { MNAS_CACHE_FOLDER: cacheFolder, MNAS_PROGRESS: 'plain' },
  })
  const reach = (host = 'board') => ['--device', `ssh:${host}`, '--option', `config=${board.config}`]
  const benchmark = (...more: readonly string[]) => mnas(['device', 'benchmark', 'tiny.json', ...more, '--json'], options())
  const refused = async (running: ReturnType<typeof mnas>) => {
    const { exitCode, stdout } = await running
    return { exitCode, ...(JSON.parse(stdout) as { error: { code: string; message: string } }).error }
  }

  it('says what is missing, sets the board up, and times on it as this computer does', { timeout: 180_000 }, async () => {
    expect(await refused(benchmark(...reach()))).toMatchObject({
      code: 'MNAS_SSH_LIBRARY',
      exitCode: 5,
      message: expect.stringContaining('mnas device setup ssh:board'),
    })
    // A board like this computer takes this computer's library: nothing is downloaded for it.
    const here = await mnas(['device', 'setup', 'host', '--option', `library=${library}`, '--yes'], options())
    expect(here.exitCode, here.stderr).toBe(0)
    const setUp = await mnas(['device', 'setup', 'ssh:board', '--option', `config=${board.config}`, '--yes', '--json'], options())
    expect(setUp.json(), setUp.stderr).toMatchObject({ device: 'ssh:board', runtime: { name: 'litert', version: '2.3.0' } })
    const { devices } = (await mnas(['device', 'list', '--json'], options())).json<{ devices: readonly object[] }>()
    expect(devices).toContainEqual(expect.objectContaining({ device: 'ssh:board', state: 'set up; not asked now' }))
    const timed = await benchmark(...reach(), '--processes', '2', '--runs', '5')
    expect(timed.json(), timed.stderr).toMatchObject({
      device: 'ssh:board',
      emulated: false,
      processes: [{ count: 5, initMs: expect.any(Number), firstMs: expect.any(Number), peakBytes: expect.any(Number) }, {}],
      runtime: { name: 'litert', version: '2.3.0' },
      before: { loadAverage: expect.any(Number) },
      // The same library on the same processor: to the bit.
      numerics: { agrees: true, difference: 0 },
      load: { firstMs: expect.any(Number), cachedMs: expect.any(Number), reason: null, peakBytes: expect.any(Number) },
    })
    const inWords = await benchmark(...reach('stranger'))
    expect(inWords.exitCode).toBe(5)
    const left = await readdir(join(board.home, '.cache/mnas'))
    expect(left.filter((name) => !/^(litert-[0-9a-f]{16}\.so|litert_driver\.py)$/.test(name))).toEqual([])
  })

  it('an unknown host key, a wrong user and a closed port each say what to do', async () => {
    expect(await refused(benchmark(...reach('stranger')))).toMatchObject({ code: 'MNAS_SSH_HOST_KEY', exitCode: 5 })
    expect(await refused(benchmark(...reach('nobody')))).toMatchObject({ code: 'MNAS_SSH_DENIED', exitCode: 5 })
    const closed = await refused(benchmark(...reach(), '--option', 'port=1'))
    expect(closed).toMatchObject({ code: 'MNAS_DEVICE_UNREACHABLE', exitCode: 5 })
  })

  const conforming = ['says what it can be told', 'lists what can be opened', 'describes itself']
  it.each([...conforming, 'is the same device when opened again', 'times a model', 'stops for an aborted signal'])(
    'conforms to the device contract: %s',
    { timeout: 60_000 },
    async (name) => {
      const file = await writeTestFile(tfliteExporter, join(folder.path, 'test.tflite'))
      const context = testContext([liteRt], { cacheFolder })
      const wish = { selector: 'board', options: { config: board.config, 'cool-down': 0, library: library! } }
      const cases = deviceConformance(sshDriver, context, file, wish)
      expect(cases.map((each) => each.name)).toContain(name)
      await cases.find((each) => each.name === name)?.run()
    },
  )

  /** Command lines that have to do with this board, wherever they run. */
  const processes = () =>
    execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(board.home))
  const timing = async () => {
    // Half a minute of work.
    const long = ['mnasnet-a1@0.5', '--runs', '10000', '--processes', '1']
    const running = startMnas(['device', 'benchmark', ...long, ...reach(), '--json'], options())
    const isTiming = () => expect(processes().some((line) => /^python3 .*litert_driver\.py time/.test(line))).toBe(true)
    await vi.waitFor(isTiming, { timeout: 40_000, interval: 100 })
    return running
  }
  const nothingLeft = () => vi.waitFor(() => expect(processes()).toEqual([]), { timeout: 15_000 })

  it('a board that vanishes in the middle of a run is lost, and is left without a process', { timeout: 90_000 }, async () => {
    const running = await timing()
    board.unplug()
    const { exitCode, stdout } = await running.ended
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 5, stdout: expect.stringContaining('MNAS_DEVICE_LOST') })
    await nothingLeft()
    await board.plugIn()
  })

  it('killed in the middle of a measurement, mnas leaves no process on the board and no half record', {
    timeout: 90_000,
  }, async () => {
    const running = await timing()
    running.kill('SIGKILL')
    expect((await running.ended).signal).toBe('SIGKILL')
    await nothingLeft()
    const files = await readdir(cacheFolder, { recursive: true })
    expect(files.filter((name) => name.endsWith('.tmp'))).toEqual([])
    openMeasurementCache(cacheFolder).close()
    expect(existsSync(board.home)).toBe(true)
  })
})
