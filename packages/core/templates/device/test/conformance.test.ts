import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultCacheFolder } from '@mnas/core/config'
import { deviceConformance, testContext, writeTestFile } from '@mnas/core/testing'
import { liteRt, tfliteExporter } from '@mnas/tflite'
import { afterAll, beforeAll, describe, it } from 'vitest'
import driver from '../src/index.js'

const folder = await mkdtemp(join(tmpdir(), 'mnas-device-rover-'))
const context = testContext([liteRt], { cacheFolder: defaultCacheFolder() })
const file = await writeTestFile(tfliteExporter, join(folder, 'model.tflite'))

beforeAll(async () => {
  // LiteRT's library runs the models. Where nobody has set it up, it is downloaded now (22 MB), by Python's pip.
  if ('code' in (await liteRt.available(context))) await liteRt.setup?.run({}, context)
}, 600_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the device rover', () => {
  for (const { name, run } of deviceConformance(driver, context, file)) it(name, run, 120_000)
})
