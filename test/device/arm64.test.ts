import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultCacheFolder } from '@mnas/core/config'
import { testContext, writeTestFile } from '@mnas/core/testing'
import { LiteRtTool } from '@mnas/remote-device'
import { liteRt, tfliteExporter } from '@mnas/tflite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localShell } from '../../packages/remote-device/test/support/local-shell.js'
import { nativeLibrary } from '../support/native-library.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** Optional, in continuous integration too: export MNAS_ARM64_PYTHON="$(.ci/arm64-python)". */
const python = process.env['MNAS_ARM64_PYTHON']
const skipped = !python || !nativeLibrary()
if (skipped) console.warn('The test of LiteRT on arm64 is skipped: it needs MNAS_ARM64_PYTHON and LiteRT’s library.')

describe.skipIf(skipped)("LiteRT's library for arm64, under qemu", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  beforeAll(async () => {
    folder = await temporaryFolder('arm64')
  })
  afterAll(() => folder.remove())

  it('answers as the one of this computer', { timeout: 120_000 }, async () => {
    const context = testContext([liteRt], { cacheFolder: defaultCacheFolder() })
    const { find, fetch } = liteRt.libraries!
    const library = (await find('linux-arm64', context)) ?? (await fetch('linux-arm64', context))
    const there = join(folder.path, 'there')
    await mkdir(there)
    const { signal, cacheFolder } = context
    const tool = new LiteRtTool({
      shell: localShell(),
      folder: there,
      python: python!,
      library,
      cacheFolder,
      limitSeconds: 60,
      signal,
    })
    await tool.prepare()
    const file = await writeTestFile(tfliteExporter, join(folder.path, 'model.tflite'))
    const data = Float32Array.from({ length: 3072 }, (_, at) => Math.sin(at))
    const inputs = { image: { dtype: 'float32', shape: [1, 32, 32, 3], data } } as const
    const run = { model: file.path, threads: 1, flags: {}, coreMask: null }
    const received = Object.values((await tool.infer(run, file, inputs))!)[0]!
    const one = async function* () {
      yield inputs
    }
    for await (const here of liteRt.run(file, one(), context)) {
      const expected = Object.values(here)[0]!
      expect(received.data).toHaveLength(expected.data.length)
      const apart = expected.data.map((value, at) => Math.abs(value - received.data[at]!))
      expect(Math.max(...apart)).toBeLessThan(1e-5)
    }
  })
})
