import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { taskConformance } from '@mnas/core/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { colouredPictures, firstValidation } from './coloured-pictures.js'
import colours from './plugin/colours.mjs'

const folder = mkdtempSync(join(tmpdir(), 'mnas-colours-'))
const file = () => join(folder, firstValidation(readdirSync(folder)))

beforeAll(() => colouredPictures(folder, 20))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a second task conforms:', () => {
  const materials = {
    folder,
    get file() {
      return file()
    },
  }
  for (const { name, run } of taskConformance(colours, materials)) it(name, run)
})
