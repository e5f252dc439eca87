import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { taskConformance } from '@mnas/core/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { AnnotatedData } from '#internal/data/annotated-data.js'
import detection from '#internal/index.js'
import { openExamples } from '#internal/open-examples.js'
import { drawnSquares } from './support/drawn-squares.js'

const folder = mkdtempSync(join(tmpdir(), 'mnas-detection-'))
let data: AnnotatedData

beforeAll(async () => {
  data = await drawnSquares(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the task conforms:', () => {
  const task = { ...detection, open: (options: Parameters<typeof detection.open>[0]) => openExamples(data, options) }
  for (const { name, run } of taskConformance(task, { folder, file: join(folder, '001.jpg') })) it(name, run)
})
