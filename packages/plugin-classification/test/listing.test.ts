import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync } from 'node:fs'
import { rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FoundFiles, listImages } from '../dist/folder/list-images.js'
import { RunningScan } from '../dist/folder/running-scan.js'
import { scanImages } from '../dist/folder/scan-images.js'
import { packPaths, pathAt, selectPaths } from '../dist/path-table.js'
import { badFiles } from './support/bad-files.js'
import { picture, pictures, temporaryFolder, writeFiles } from './support/image-folder.js'

const inThisThread = Number.POSITIVE_INFINITY
const inThreads = 0
/** Names whose order by code unit is neither that of their UTF-8 nor, with a `/` behind, that of the folders. */
const oddLabels = ['cat', 'cat-2', 'cat.b', 'cat0', 'ﬀ', '𝒳', 'Ä', 'A\u0308', 'a b']
const linksPerLabel = 240

/** Links to good and bad files under odd names, some thousand of them. */
async function oddFolder(): Promise<string> {
  const folder = await temporaryFolder()
  const bad = Object.fromEntries(Object.entries(await badFiles()).map(([name, [content]]) => [`source/${name}`, content]))
  const sources = { ...(await pictures(['source'], 12)), ...bad }
  await writeFiles(folder, sources)
  for (const name of Object.keys(sources)) await utimes(join(folder, name), 1000, 1000)
  const names = Object.keys(sources)
  for (const [place, label] of oddLabels.entries()) {
    mkdirSync(join(folder, 'data', label, 'deep/er'), { recursive: true })
    for (let index = 0; index < linksPerLabel; index++) {
      const where = index % 7 === 0 ? 'deep/er' : index % 5 === 0 ? 'deep' : '.'
      const target = join(folder, 'data', label, where, `${index}-𝒳ﬀ é.jpg`)
      linkSync(join(folder, names[(index * 7 + place) % names.length]!), target)
    }
  }
  await symlink(join(folder, 'nowhere'), join(folder, 'data', 'cat', 'dangling.jpg'))
  await symlink(join(folder, 'source', '000.jpeg'), join(folder, 'data', 'cat', 'linked.jpg'))
  await symlink(join(folder, 'data', 'cat'), join(folder, 'data', 'cat0', 'more'))
  return join(folder, 'data')
}

async function scan(folder: string, patienceMs: number, cacheFolder?: string) {
  const { files } = await listImages(folder)
  const events: number[] = []
  const options = { cacheFolder: cacheFolder ?? (await temporaryFolder()), patienceMs }
  const seen = await scanImages(folder, files, { ...options, report: ({ done }) => events.push(done) })
  return { files, events, seen: comparable(seen) }
}

const fromHeader = /are read$|^the file is empty$|^it (does not exist|is a pipe or a device)$|^truncated|^corrupt/
/** libvips has one error text for all threads: which one a file that is cut short gets is chance. */
function comparable({ fingerprint, images, skipped }: Awaited<ReturnType<typeof scanImages>>) {
  const { labelOf, training, widths, heights } = images
  const reasons = skipped.map(({ file, reason }) => [file, fromHeader.test(reason) ? reason : 'damaged'])
  return {
    fingerprint,
    paths: pathsOf(images),
    columns: [labelOf, widths, heights].map((column) => [...column]),
    training,
    reasons,
  }
}

const pathsOf = ({ paths }: Pick<FoundFiles, 'paths'>) => Array.from(paths.ends, (_, index) => pathAt(paths, index))

describe('a table of paths', () => {
  const anyPaths = fc.array(fc.string({ unit: 'grapheme' }))

  it('gives back what was put in', () => {
    fc.assert(
      fc.property(anyPaths, (paths) => {
        expect(pathsOf({ paths: packPaths(paths) })).toEqual(paths)
      }),
    )
    const many = Array.from({ length: 5000 }, (_, index) => `${index}/${'ä𝒳'.repeat(index % 40)}`)
    expect(pathsOf({ paths: packPaths(many) })).toEqual(many)
  })

  it('gives a selection in its order', () => {
    const cases = anyPaths.chain((paths) =>
      fc.tuple(fc.constant(paths), fc.array(fc.nat(Math.max(0, paths.length - 1)), { maxLength: paths.length })),
    )
    fc.assert(
      fc.property(cases, ([paths, indices]) => {
        const selected = selectPaths(packPaths(paths), Uint32Array.from(indices))
        expect(pathsOf({ paths: selected })).toEqual(indices.map((index) => paths[index]))
      }),
    )
  })

  it('is shared with threads', () => {
    const { bytes, ends } = packPaths(['cat/1.jpg'])
    for (const { buffer } of [bytes, ends]) expect(buffer).toBeInstanceOf(SharedArrayBuffer)
  })
})

describe('a listing', () => {
  it('is in the order of code units, whatever the names of the class folders', async () => {
    const folder = await temporaryFolder()
    const names = oddLabels.flatMap((label) =>
      ['train', 'val'].flatMap((part) => [`${part}/${label}/b.jpg`, `${part}/${label}/a/ﬀ`, `${part}/${label}/a/𝒳`]),
    )
    await writeFiles(folder, Object.fromEntries(names.map((name) => [name, name])))
    const { files, labels } = await listImages(folder)
    expect(labels).toEqual([...oddLabels].sort())
    expect(pathsOf(files)).toEqual([...names].sort())
    expect(files.training).toBe(3 * oddLabels.length)
    for (const [index, path] of pathsOf(files).entries()) expect(labels[files.labelOf[index]!]).toBe(path.split('/')[1])
  })

  it('ends at an abort', async () => {
    const folder = await temporaryFolder()
    await writeFiles(folder, await pictures(['cat', 'dog'], 1))
    await expect(listImages(folder, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
  })
})

describe('a scan in threads', () => {
  it('finds what a scan in this thread finds, and what the bytes of the files say', async () => {
    const folder = await oddFolder()
    const [alone, together] = [await scan(folder, inThisThread), await scan(folder, inThreads)]
    expect(together.seen).toEqual(alone.seen)
    const total = together.files.labelOf.length
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
    const { files } = await listImages(folder)
    const [gone, changed] = ['cat0/2-𝒳ﬀ é.jpg', 'cat0/4-𝒳ﬀ é.jpg']
    await rm(join(folder, gone))
    await rm(join(folder, changed))
    await writeFile(join(folder, changed), 'a text by now')
    const { skipped, images } = await scanImages(folder, files, { cacheFolder: await temporaryFolder(), patienceMs: inThreads })
    expect(skipped).toContainEqual({ file: gone, reason: 'it does not exist' })
    expect(skipped).toContainEqual({ file: changed, reason: expect.stringMatching(/a text file/) })
    expect(images.labelOf.length + skipped.length).toBe(files.labelOf.length)
  })

  it('stops at an abort with its reason, and at what its listener throws, and says nothing more', async () => {
    const folder = await oddFolder()
    const { files } = await listImages(folder)
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
    const { files } = await listImages(folder)
    const running = new RunningScan(folder, files, undefined, {})
    await running.inThreads(0)
    expect(running.read).toBe(0)
    await running.inThisThread(inThisThread)
    expect(running.read).toBe(files.labelOf.length)
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
