import { existsSync, statSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultCacheFolder } from '@mnas/core/config'
import type { DeviceDriver, ModelFile } from '@mnas/core/contracts'
import { hashFile } from '@mnas/core/files'
import { deviceConformance, testContext, writeTestFile } from '@mnas/core/testing'
import { LiteRtTool, RemoteDevice, type RemoteSystem } from '@mnas/remote-device'
import { liteRt, tfliteExporter } from '@mnas/tflite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localShell } from '../../packages/remote-device/test/support/local-shell.js'
import { damagedFiles } from '../../packages/tflite/test/support/damage.js'
import { smallFiles } from '../../packages/tflite/test/support/small-files.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** LiteRT's native library, where `mnas device setup host` has put it, under this computer's own Python. */
const library = join(defaultCacheFolder(), 'litert', '2.3.0', 'libLiteRt.so')
const missing = !existsSync(library) && !process.env['CI']

describe.skipIf(missing || process.platform !== 'linux')("LiteRT's library under a device's own Python", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let file: ModelFile
  const context = testContext([liteRt], { cacheFolder: defaultCacheFolder() })

  beforeAll(async () => {
    folder = await temporaryFolder('driver')
    await mkdir(join(folder.path, 'device'))
    file = await writeTestFile(tfliteExporter, join(folder.path, 'model.tflite'))
  })
  afterAll(() => folder.remove())

  const tool = async (signal = context.signal) =>
    new LiteRtTool({
      shell: localShell(),
      folder: join(folder.path, 'device'),
      python: 'python3',
      library: {
        name: 'litert',
        path: library,
        version: '2.3.0',
        sha256: await hashFile(library),
        sizeBytes: statSync(library).size,
      },
      cacheFolder: join(folder.path, 'cache'),
      limitSeconds: 60,
      signal,
    })
  const run = { threads: 1, flags: {}, coreMask: null }

  /** All that a third kind of device writes: a shell and its facts. */
  const driver: DeviceDriver = {
    name: 'local',
    options: [],
    flags: [],
    list: async () => [{ selector: '', state: 'ready' }],
    async open(_choice, around) {
      const identity = { kind: 'board', emulated: false, traits: { board: 'this' }, details: {}, fastestCores: [] } as const
      const system: RemoteSystem = {
        shell: localShell(),
        folder: join(folder.path, 'device'),
        identify: async () => identity,
        condition: async () => ({ thermalStatus: null, celsius: 40, batteryPercent: null, state: {} }),
      }
      const parts = { system, tool: await tool(around.signal), context: around }
      return new RemoteDevice({ ...parts, coolDownSeconds: 0, anchored: false, compared: true })
    },
  }

  it('answers as it does here, bit by bit', async () => {
    const driven = await tool()
    await driven.prepare()
    const image = {
      dtype: 'float32',
      shape: [1, 32, 32, 3],
      data: Float32Array.from({ length: 3072 }, (_, at) => Math.sin(at)),
    } as const
    const there = await driven.infer({ ...run, model: file.path }, file, { image })
    const one = async function* () {
      yield { image }
    }
    for await (const here of liteRt.run(file, one(), context)) expect(there).toEqual(here)
  })

  it('tells the time of each run, and what came before them', async () => {
    const driven = await tool()
    await driven.prepare()
    const timing = await driven.time({ ...run, model: file.path }, 7)
    expect(timing).toMatchObject({ count: 7, initMs: expect.any(Number), firstMs: expect.any(Number) })
    expect(timing.samplesMs).toHaveLength(7)
    expect(timing.peakBytes).toBeGreaterThan(1e6)
  })

  it('keeps prepared weights where it is told to, loads them again, and leaves nothing', async () => {
    const driven = await tool()
    await driven.prepare()
    const cache = join(folder.path, 'kept weights.cache')
    expect(await driven.loadCached({ ...run, model: file.path }, cache)).toEqual({ initMs: expect.any(Number) })
    expect(statSync(cache).size).toBeGreaterThan(0)
    const nowhere = join(folder.path, 'none', 'weights.cache')
    expect(await driven.loadCached({ ...run, model: file.path }, nowhere)).toEqual({ reason: expect.any(String) })
    const device = await driver.open({ selector: undefined, options: {} }, context)
    const options = { threads: 1, processes: 1, runs: 5, maxSpread: 1, flags: {} }
    expect(await device.loadCached?.(file, options)).toEqual({ initMs: expect.any(Number) })
    expect((await readdir(join(folder.path, 'device'))).filter((name) => name.endsWith('.cache'))).toEqual([])
    await device.close()
  })

  it('says what is wrong', async () => {
    const driven = await tool()
    await driven.prepare()
    const failed = driven.time({ ...run, model: join(folder.path, 'none.tflite') }, 7)
    await expect(failed).rejects.toMatchObject({
      code: 'MNAS_REMOTE_RUN',
      exitCode: 5,
      message: expect.stringContaining('No such file'),
    })
    const onGpu = driven.time({ ...run, model: file.path, flags: { delegate: 'gpu' } }, 7)
    await expect(onGpu).rejects.toMatchObject({ code: 'MNAS_REMOTE_DELEGATE' })
  })

  it('times damaged files or says why not, each in one line', async () => {
    const driven = await tool()
    await driven.prepare()
    const damaged = damagedFiles(await smallFiles(), 100).filter((_, at) => at % 10 === 5)
    for (const [at, { bytes }] of damaged.entries()) {
      const model = join(folder.path, `damaged-${at}.tflite`)
      await writeFile(model, bytes)
      const failure = await driven.time({ ...run, model }, 3).then(
        () => null,
        (error: unknown) => error,
      )
      if (failure === null) continue
      expect(failure).toMatchObject({ exitCode: 5, message: expect.not.stringMatching(/\n|Traceback/) })
      expect(failure).toMatchObject({ code: expect.stringMatching(/^MNAS_REMOTE_(?:RUN|TIMEOUT)$/) })
    }
  })

  it.each(['describes itself', 'times a model', 'stops for an aborted signal'])('makes a device of a shell: %s', async (name) => {
    await deviceConformance(driver, context, file)
      .find((each) => each.name === name)!
      .run()
  })

  it('compares its answers with those of this computer, and doubts what it measured in the heat', async () => {
    const device = await driver.open({ selector: undefined, options: {} }, context)
    const options = { threads: 1, processes: 1, runs: 5, maxSpread: 1, flags: {} }
    expect(await device.benchmark(file, options)).toMatchObject({
      numerics: { agrees: true, difference: 0 },
      stable: false,
      doubts: ['thermal'],
    })
    await device.close()
  })
})
