import { statSync } from 'node:fs'
import { join } from 'node:path'
import { testSurroundings } from '@mnas/core/testing'
import { openRun } from '@mnas/plugin-search'
import { liteRtJs } from '@mnas/tflite'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { SoftwarePhone, type SoftwarePhoneOptions } from '../../packages/plugin-device-android/dist/emulator/software-phone.js'
import { type PrivateAdb, privateAdb, testAdb } from '../../packages/plugin-device-android/test/support/test-adb.js'
import { startMnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const adb = testAdb()
/** Times that only the size of a file decides. */
const sizedRuntime: typeof liteRtJs = {
  ...liteRtJs,
  timeMs: async ({ path }, { runs }) => Array<number>(runs).fill(0.2 + (4 * statSync(path).size) / 1e6),
}
/** The same time for every file, of a phone that does not say so. */
const steadyRuntime = (ms: number): typeof liteRtJs => ({
  ...liteRtJs,
  timeMs: async (_file, { runs }) => Array<number>(runs).fill(ms),
})

describe.skipIf(adb === null)('a search on two phones', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let server: PrivateAdb
  const phones: SoftwarePhone[] = []

  beforeAll(async () => {
    folder = await temporaryFolder('two-phones')
    server = await privateAdb(adb!)
    await smallPictures(join(folder.path, 'pictures'))
  })
  afterEach(async () => {
    for (const phone of phones.splice(0)) {
      await phone.close()
      await server.run('disconnect', phone.serial).catch(() => undefined)
    }
  })
  afterAll(async () => {
    await server.close()
    await folder.remove()
  })

  const phone = async (faults: readonly string[] = [], changes: Partial<SoftwarePhoneOptions> = {}) => {
    const around = testSurroundings({ cacheFolder: join(folder.path, 'phone-cache') })
    const started = await SoftwarePhone.start({ runtime: sizedRuntime, around, faults, ...changes })
    phones.push(started)
    return started
  }
  const startSearch = (out: string, device: string, { tool }: SoftwarePhone) =>
    startMnas(
      [
        ...['search', '--data', 'pictures', '--out', out, '--size', '32', '--width', '0.35', '--target-latency', '6ms'],
        ...['--trials', '1', '--proxy-epochs', '1', '--threads', '1', '--workers', '0', '--device', device],
        ...['--option', `benchmark-model=${tool}`, '--option', 'anchor=false', '--option', 'compare=false', '--json'],
      ],
      {
        cwd: folder.path,
        // A cache of its own: what another search has measured is not measured again.
        env: { ...server.env, MNAS_ADB: adb!, MNAS_CACHE_FOLDER: join(folder.path, `cache-${out}`), MNAS_PROGRESS: 'plain' },
      },
    )
  /** By which phones its networks were timed, how often. */
  const shares = async (out: string) => {
    const { store, run } = await openRun(join(folder.path, out))
    const measured = store.events().flatMap((event) => (event.kind === 'measured' ? [event.device] : []))
    const fingerprints = new Set(store.measurements().map(({ measurement }) => measurement.fingerprint))
    store.close()
    const count = (device: SoftwarePhone) => measured.filter((name) => name === `android:${device.serial}`).length
    return { count, total: measured.length, fingerprints, device: run.settings['device'] as { readonly name: string } }
  }

  it('draws measurements from both, one device for its records, and goes on with one when the other vanishes', {
    timeout: 300_000,
  }, async () => {
    const [one, two] = [await phone(), await phone()]
    for (const { serial } of [one, two]) await server.run('connect', serial)
    const searching = startSearch('run', 'android', one)
    // Three times the known model, and then networks.
    const runs = ({ log }: SoftwarePhone) => log.filter((line) => line.includes('--graph')).length
    await vi.waitFor(() => expect(Math.min(runs(one), runs(two))).toBeGreaterThan(7), { timeout: 180_000, interval: 20 })
    await two.close()
    const { exitCode, stderr } = await searching.ended
    expect(exitCode, stderr).toBe(0)
    expect(stderr).toContain('2 devices of one make share what there is to measure')
    expect(stderr).toContain(`Lost device "android:${two.serial}"`)
    expect(stderr).toContain('Others go on with its work.')
    const { count, total, fingerprints, device } = await shares('run')
    expect(count(two)).toBeGreaterThan(0)
    expect(count(one)).toBeGreaterThan(count(two))
    expect(count(one) + count(two)).toBe(total)
    expect(fingerprints.size).toBe(1)
    expect(device.name).toBe('android')
  })

  it('refuses two that are not equally fast', async () => {
    const [one, slow] = [await phone([], { runtime: steadyRuntime(10) }), await phone([], { runtime: steadyRuntime(12) })]
    const devices = `android:${one.serial},android:${slow.serial}`
    const { exitCode, json } = await startSearch('unequal', devices, one).ended
    expect(exitCode).toBe(5)
    const { code, message } = json<{ error: { code: string; message: string } }>().error
    expect(code).toBe('MNAS_DEVICES_APART')
    expect(message).toContain(`"android:${slow.serial}" takes 20.0 % longer`)
  })
})
