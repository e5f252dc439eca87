import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { exitCodes } from '@mnas/core/errors'
import { describe, expect, it } from 'vitest'
import {
  advisedCodes,
  catalogueSources,
  errorPage,
  errorReference,
  messageTemplate,
  readCatalogues,
  root,
} from '../../scripts/error-reference.mjs'

const catalogues = await readCatalogues()
const definitions = catalogues.flatMap((catalogue) => Object.entries(catalogue.definitions))

describe('the catalogues', () => {
  it('are all found: one for each file that defines errors', () => {
    expect(catalogues.map(({ source }) => source)).toEqual(catalogueSources())
    expect(catalogues.length).toBeGreaterThanOrEqual(18)
  })

  it.each(catalogues.map(({ source, name }) => [name, source]))(
    '%s is exported from the index of its room',
    async (name, source) => {
      // A room of a plug-in has none: what others may use of it stands in the index of the package.
      let folder = join(root, dirname(source.replace('/src/', '/dist/')))
      while (!existsSync(join(folder, 'index.js'))) folder = dirname(folder)
      expect(Object.keys(await import(join(folder, 'index.js')))).toContain(name)
    },
  )

  it.each(catalogueSources())('%s has no line of more than 130 columns: messages are broken with +', (source) => {
    const lines = readFileSync(join(root, source), 'utf8').split('\n')
    expect(lines.filter((line) => line.length > 130)).toEqual([])
  })

  it('define each code once', () => {
    const codes = definitions.map(([code]) => code)
    expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([])
  })

  it.each(definitions)(
    '%s: a code of ours, a documented exit status, a summary and a message of one line',
    (code, definition) => {
      expect(code).toMatch(/^MNAS(_[A-Z0-9]+)+$/)
      expect(Object.keys(exitCodes)).toContain(definition.exit)
      expect(definition.summary).toMatch(/^[^\n]+\.$/)
      expect(messageTemplate(definition)).toMatch(/^[^\n]+[.?!›]$/)
      expect(messageTemplate(definition)).not.toMatch(/undefined|\[object|NaN/)
    },
  )
})

describe('docs/errors.md', () => {
  it('is what "npm run docs:errors" writes', async () => {
    expect(readFileSync(errorPage, 'utf8')).toBe(await errorReference(exitCodes))
  })

  it('advises on nothing that no longer exists', () => {
    expect(advisedCodes.filter((code) => !definitions.some(([known]) => known === code))).toEqual([])
  })
})
