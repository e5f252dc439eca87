import { realpath, writeFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { isMnasError } from '@mnas/core/errors'
import { expect, it } from 'vitest'
import type { AnnotatedData } from '#internal/data/annotated-data.js'
import { openAnnotatedData } from '#internal/data/open-annotated-data.js'
import { temporaryFolder, writeFiles } from '../../../images/test/support/pictures.js'
import type { Files } from '../support/annotated-folders.js'
import { damagedFolders } from '../support/damaged-annotations.js'

/** More of them: MNAS_TEST_ANNOTATIONS=10000. */
const count = Number(process.env['MNAS_TEST_ANNOTATIONS'] ?? 500)
const longestMs = 5000

it(`opens ${count} folders of damaged annotations, or says why not in a line; reads nothing elsewhere`, {
  timeout: 60_000 + 100 * count,
}, async () => {
  const outcomes = new Map<string, number>()
  const folders = new Map<Files, string>()
  for (const [at, { changed, bytes, intact }] of damagedFolders(count).entries()) {
    const folder = folders.get(intact) ?? (await newFolder(intact))
    folders.set(intact, folder)
    await writeFile(join(folder, changed), bytes)
    const before = performance.now()
    const outcome = await outcomeOf(folder)
    expect(performance.now() - before, `${at}: ${changed}`).toBeLessThan(longestMs)
    expect(outcome, `${at}: ${changed}`).toMatch(/^(opened|MNAS_(DETECTION|DATA)_[A-Z_]+)$/)
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    await writeFile(join(folder, changed), intact[changed]!)
  }
  if (process.env['MNAS_TEST_ANNOTATIONS']) console.info(Object.fromEntries(outcomes))
  expect(outcomes.get('opened')).toBeGreaterThan(count / 10)
})

async function newFolder(files: Files): Promise<string> {
  const folder = await realpath(await temporaryFolder())
  await writeFiles(folder, files)
  return folder
}

async function outcomeOf(folder: string): Promise<string> {
  try {
    requireUsable(await openAnnotatedData(folder), folder)
    return 'opened'
  } catch (error) {
    if (!isMnasError(error)) throw error
    expect(error.message).toMatch(/^[^\n\r]+$/)
    return error.code
  }
}

function requireUsable({ labels, splits }: AnnotatedData, folder: string): void {
  for (const { file, boxes, size } of [...splits.train, ...splits.heldOut, ...splits.validation]) {
    expect(file.startsWith(folder + sep)).toBe(true)
    for (const { label, box, area } of boxes) {
      expect(labels[label]).toBeTypeOf('string')
      const { x, y, width, height } = box
      expect([x >= 0, y >= 0, width > 0, height > 0, area > 0, Number.isFinite(area)]).toEqual(Array(6).fill(true))
      expect(x + width).toBeLessThanOrEqual(size.width + 1e-6)
      expect(y + height).toBeLessThanOrEqual(size.height + 1e-6)
    }
  }
}
