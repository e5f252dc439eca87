import { mkdtempSync, rmSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultCacheFolder } from '@mnas/core/config'
import type { DeviceContext } from '@mnas/core/contracts'
import { deviceContext } from '@mnas/core/measurement'
import { deviceConformance, testSurroundings, writeTestFile } from '@mnas/core/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { workspaceRegistry } from './workspace-registry.js'

const folder = mkdtempSync(join(tmpdir(), 'mnas-host-runtimes-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const registry = workspaceRegistry()
const host = await registry.get('device', 'host')
const file = await writeTestFile(await registry.get('exporter', 'tflite'), join(folder, 'tiny.tflite'))

/** The quiet machine of this test, the library of the commands. */
const whole = deviceContext(registry, testSurroundings())
/** The same surroundings where the native library was never set up. */
const portable: DeviceContext = {
  ...whole,
  runtime: async (name) => {
    const runtime = await whole.runtime(name)
    const missing = { code: 'MNAS_TEST', message: 'Hidden by the test.', exitCode: 5 }
    return name === 'litert' ? { ...runtime, available: async () => missing } : runtime
  },
}

const native = await (await whole.runtime('litert')).available(whole)
if ('code' in native) {
  if (process.env['CI']) throw new Error(`The native library must be set up here: ${native.message}`)
  console.log(`skipped: the native runtime (${native.message})`)
}

describe('the host with LiteRT.js conforms to the device contract', () => {
  for (const { name, run } of deviceConformance(host, portable, file)) it(name, run)
})

describe.skipIf('code' in native)('the host with the native library conforms to the device contract', () => {
  for (const { name, run } of deviceConformance(host, whole, file)) it(name, run)

  it('is what the host uses', async () => {
    const device = await host.open({ selector: undefined, options: {} }, whole)
    expect((await device.describe()).runtime.name).toBe('litert')
  })

  it('is found in the cache folder that a flag names', async () => {
    const elsewhere = join(folder, 'another-cache')
    await cp(join(defaultCacheFolder(), 'litert'), join(elsewhere, 'litert'), { recursive: true })
    const env = { MNAS_CACHE_FOLDER: join(folder, 'empty') }
    const described = await mnas(['device', 'describe', 'host', '--cache-folder', elsewhere, '--json'], { env })
    expect(described.json()).toMatchObject({ runtime: { name: 'litert' } })
    const fallback = await mnas(['device', 'describe', 'host', '--json'], { env })
    expect(fallback.json()).toMatchObject({ runtime: { name: 'litert-js' } })
  })
})
