import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesBelow } from '#internal/listing/folder-entries.js'
import { packPaths } from '#internal/listing/path-table.js'
import { RunningScan } from '#internal/scanning/running-scan.js'
import { scanImages } from '#internal/scanning/scan-images.js'
import { linksPerLabel, oddFolder, oddLabels } from './support/odd-folder.js'
import { pathsOf } from './support/paths-of.js'
import { picture, temporaryFolder, writeFiles } from './support/pictures.js'

const inThisThread = Number.POSITIVE_INFINITY
const inThreads = 0

async function scan(folder: string, patienceMs: number, cacheFolder?: string) {
  const files = packPaths(await filesBelow(folder, ''))
  const events: number[] = []
  const options = { cacheFolder: cacheFolder ?? (await temporaryFolder()), patienceMs }
  const seen = await scanImages(folder, files, { ...options, report: ({ done }) => events.push(done) })
  return { files, events, seen: comparable(seen) }
}

const fromHeader =
  /are read$|^a HEIC image|raw file|^the file is empty$|^it (does not exist|is a pipe or a device)$|^truncated|^corrupt/
/** libvips has one error text for all threads: which one a file that is cut short gets is chance. */
function comparable({ fingerprint, images, usable, skipped }: Awaited<ReturnType<typeof scanImages>>) {
  const { widths, heights } = images
  const reasons = skipped.map(({ file, reason }) => [file, fromHeader.test(reason) ? reason : 'damaged'])
  return {
    fingerprint,
    paths: pathsOf(images.paths),
    columns: [usable, widths, heights].map((column) => [...column]),
    reasons,
  }
}

describe('a scan in threads', () => {
  it('finds what a scan in this thread finds, and what the bytes of the files say', async () => {
    const folder = await oddFolder()
    const [alone, together] = [await scan(folder, inThisThread), await scan(folder, inThreads)]
    expect(together.seen).toEqual(alone.seen)
    const total = together.files.ends.length
    expect(total).toBe(oddLabels.length * linksPerLabel + 2 + linksPerLabel + 2)
    expect(alone.events).toHaveLength(total)
    expect(together.events.length).toBeLessThan(total / 2)
    for (const { events } of [alone, together]) {
      expect(events).toEqual(events.toSorted((a, b) => a - b))
      expect(events.at(-1)).toBe(total)
    }
    expect(together.seen.fingerprint).toBe(fingerprintByHand(folder, pathsOf(together.files)))
    expect(together.seen.reasons).toContainEqual(['cat/dangling.jpg', 'it does not exist'])
    expect(new Set(together.seen.reasons.map(([, reason]) => reason)).size).toBeGreaterThan(10)
  })

  it('remembers it for the next one, in threads or not', async () => {
    const folder = await oddFolder()
    await rm(join(folder, 'cat', 'dangling.jpg')) // what cannot be read is tried each time
    const cacheFolder = await temporaryFolder()
    const first = await scan(folder, inThreads, cacheFolder)
    const again = await scan(folder, inThisThread, cacheFolder)
    expect(again.events).toEqual([])
    expect(again.seen).toEqual(first.seen)
    expect((await scan(folder, inThreads, cacheFolder)).seen).toEqual(first.seen)

    await rm(join(folder, 'cat-2', '1-𝒳ﬀ é.jpg'))
    await rm(join(folder, '𝒳', '3-𝒳ﬀ é.jpg'))
    await writeFiles(folder, { '𝒳/3-𝒳ﬀ é.jpg': await picture(77), 'ﬀ/new.jpg': await picture(78), 'new/1.jpg': 'text' })
    const changed = await scan(folder, inThreads, cacheFolder)
    expect(changed.seen).toEqual((await scan(folder, inThisThread)).seen)
    expect(changed.seen.fingerprint).not.toBe(first.seen.fingerprint)
    // Written just now: read again, and nothing else.
    expect((await scan(folder, inThisThread, cacheFolder)).events).toHaveLength(3)
  })

  it('names files that vanish or change after they were listed', async () => {
    const folder = await oddFolder()
    const files = packPaths(await filesBelow(folder, ''))
    const [gone, changed] = ['cat0/2-𝒳ﬀ é.jpg', 'cat0/4-𝒳ﬀ é.jpg']
    await rm(join(folder, gone))
    await rm(join(folder, changed))
    await writeFile(join(folder, changed), 'a text by now')
    const { skipped, images } = await scanImages(folder, files, { cacheFolder: await temporaryFolder(), patienceMs: inThreads })
    expect(skipped).toContainEqual({ file: gone, reason: 'it does not exist' })
    expect(skipped).toContainEqual({ file: changed, reason: expect.stringMatching(/a text file/) })
    expect(images.paths.ends.length + skipped.length).toBe(files.ends.length)
  })

  it('stops at an abort with its reason, and at what its listener throws, and says nothing more', async () => {
    const folder = await oddFolder()
    const files = packPaths(await filesBelow(folder, ''))
    for (const end of [(controller: AbortController) => controller.abort(new Error('enough')), () => fail('enough')]) {
      const controller = new AbortController()
      let reports = 0
      const report = () => {
        reports++
        end(controller)
      }
      const cacheFolder = await temporaryFolder()
      const scanning = scanImages(folder, files, { cacheFolder, patienceMs: inThreads, report, signal: controller.signal })
      await expect(scanning).rejects.toThrow('enough')
      const heard = reports
      await new Promise(setImmediate)
      expect(reports).toBe(heard)
    }
  })

  it('leaves to this thread what no other one did', async () => {
    const folder = await oddFolder()
    const files = packPaths(await filesBelow(folder, ''))
    const running = new RunningScan(folder, files, undefined, {})
    await running.inThreads(0)
    expect(running.read).toBe(0)
    await running.inThisThread(inThisThread)
    expect(running.read).toBe(files.ends.length)
  })
})

it.skipIf(process.platform === 'win32')('does not wait for a pipe among the files', async () => {
  const folder = await temporaryFolder()
  await writeFiles(folder, { 'cat/1.jpg': await picture(1) })
  execFileSync('mkfifo', [join(folder, 'cat/2.jpg')])
  for (const patienceMs of [inThisThread, inThreads])
    expect((await scan(folder, patienceMs)).seen.reasons).toEqual([['cat/2.jpg', 'it is a pipe or a device']])
})

function fail(message: string): never {
  throw new Error(message)
}

/** As the data format says it, with none of the code that is tested. */
function fingerprintByHand(folder: string, paths: readonly string[]): string {
  const sha256 = (...parts: readonly (Uint8Array | string)[]) => {
    const hash = createHash('sha256')
    for (const part of parts) hash.update(part)
    return hash.digest('hex')
  }
  const lines = paths.map((path) => {
    if (path.endsWith('dangling.jpg')) return `${path}\0unreadable\n`
    const bytes = readFileSync(join(folder, path))
    return `${path.normalize('NFC')}\0${bytes.length}\0${sha256(bytes.subarray(0, 4096), bytes.subarray(-4096))}\n`
  })
  return sha256('image-folder/1\n', ...lines)
}
