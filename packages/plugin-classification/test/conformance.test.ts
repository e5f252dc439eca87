import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { taskConformance } from '@mnas/core/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import classification from '#internal/index.js'
import { pictures, writeFiles } from '../../images/test/support/pictures.js'

const folder = mkdtempSync(join(tmpdir(), 'mnas-task-'))
const labels = ['circle', 'square', 'star']

beforeAll(async () => {
  await writeFiles(folder, { ...(await pictures(labels, 4, 'train/')), ...(await pictures(labels, 2, 'val/')) })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the task conforms:', () => {
  for (const { name, run } of taskConformance(classification, { folder, file: join(folder, 'val/circle/000.jpeg') }))
    it(name, run)
})
