import { cp, mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packPaths, pathAt } from '@mnas/images/listing'
import { describe, expect, it } from 'vitest'
import { splitImages } from '#internal/folder/split-images.js'
import { readInput } from '#internal/read-input.js'
import { badFiles, heic } from '../../images/test/support/bad-files.js'
import { errorCode, picture, pictures, temporaryFolder, writeFiles } from '../../images/test/support/pictures.js'
import { open } from './support/image-folder.js'

describe('scan', () => {
  it('names, skips and counts every file that cannot be used', async () => {
    const folder = await temporaryFolder()
    const bad = await badFiles()
    const good = await pictures(['cat', 'dog'], 180)
    const contents = Object.fromEntries(Object.entries(bad).map(([name, [content]]) => [`cat/${name}`, content]))
    await writeFiles(folder, { ...good, ...contents })
    const { skipped, size, counts } = bind(await open(folder))
    expect(skipped.map(({ file }) => file)).toEqual(Object.keys(contents).sort())
    for (const { file, reason } of skipped) {
      expect(reason).toMatch(bad[file.slice(4)]![1])
      expect(reason).not.toContain('\n')
    }
    expect(size('train') + size('heldOut') + size('validation')).toBe(360)
    expect(counts('validation')).toEqual([27, 27])
    expect(counts('heldOut')).toEqual([23, 23])
  })

  it('gives the same reasons for a single image', async () => {
    const folder = await temporaryFolder()
    for (const [name, [content, reason]] of Object.entries(await badFiles())) {
      await writeFiles(folder, { [name]: content })
      const reading = readInput(join(folder, name), 32)
      await expect(reading).rejects.toThrow(reason)
      expect(await errorCode(readInput(join(folder, name), 32))).toBe('MNAS_DATA_IMAGE')
    }
    await expect(readInput(join(folder, 'none.jpg'), 32)).rejects.toThrow(/Cannot use the image ".*none\.jpg": /)
  })

  it('accepts at most 5 % of them', async () => {
    const folder = await temporaryFolder()
    await writeFiles(folder, { ...(await pictures(['cat', 'dog'], 19)), 'cat/a.jpg': 'text', 'dog/b.jpg': 'text' })
    expect((await open(folder)).skipped).toHaveLength(2)
    await writeFiles(folder, { 'cat/c.jpg': 'text' })
    await expect(open(folder)).rejects.toThrow(
      /3 of 41 files .* cat\/a\.jpg \(a text file; JPEG, PNG, WebP, GIF, BMP, TIFF and AVIF are read\)/,
    )
    expect(await errorCode(open(folder))).toBe('MNAS_DATA_BROKEN')
  })

  it('accepts a photo with a video behind it', async () => {
    const folder = await temporaryFolder()
    const motion = Buffer.concat([await picture(3, 'jpeg', 100, 80), heic, Buffer.alloc(9000, 7)])
    await writeFiles(folder, { ...(await pictures(['cat', 'dog'], 3)), 'cat/motion.jpg': motion })
    const { skipped, counts } = await open(folder)
    expect(skipped).toEqual([])
    expect(counts).toBeTypeOf('function')
    expect((await readInput(join(folder, 'cat/motion.jpg'), 32)).inputs['image']?.shape).toEqual([1, 32, 32, 3])
  })

  it('ignores hidden files and follows links', async () => {
    const folder = await temporaryFolder()
    await writeFiles(folder, {
      ...(await pictures(['cat', 'dog'], 3)),
      'cat/.DS_Store': 'x',
      'dog/Thumbs.db': 'x',
      '.git/a/b': 'x',
      LICENSE: 'x',
    })
    await symlink(join(folder, 'cat'), join(folder, 'dog', 'more'))
    await symlink(join(folder, 'dog'), join(folder, 'dog', 'loop'))
    const dataset = await open(folder)
    expect(dataset.labels).toEqual(['cat', 'dog'])
    expect(dataset.skipped).toEqual([])
    expect(total(dataset.counts('train'), dataset.counts('heldOut'), dataset.counts('validation'))).toEqual([3, 6])
  })

  it('fingerprints what the files are, not where or when', async () => {
    const folder = await temporaryFolder()
    const copy = join(await temporaryFolder(), 'copy')
    await writeFiles(folder, await pictures(['cat', 'dog'], 4))
    await cp(folder, copy, { recursive: true })
    await utimes(join(copy, 'cat/000.jpeg'), 1, 1)
    const { fingerprint } = await open(folder)
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/)
    expect((await open(copy)).fingerprint).toBe(fingerprint)
    await writeFile(join(copy, 'cat/000.jpeg'), await picture(77))
    expect((await open(copy)).fingerprint).not.toBe(fingerprint)
    await writeFiles(folder, { 'cat/new.png': await picture(5, 'png') })
    expect((await open(folder)).fingerprint).not.toBe(fingerprint)
  })
})

describe('layout', () => {
  it('takes train/ and val/ as they are', async () => {
    const folder = await temporaryFolder()
    await writeFiles(folder, {
      ...(await pictures(['cat', 'dog'], 10, 'train/')),
      ...(await pictures(['cat', 'dog'], 4, 'val/')),
    })
    const dataset = await open(folder)
    expect(dataset.counts('validation')).toEqual([4, 4])
    expect(dataset.counts('heldOut')).toEqual([2, 2])
    expect(dataset.counts('train')).toEqual([8, 8])
  })

  it('divides train/ alone, and a class named train stays a class', async () => {
    const folder = await temporaryFolder()
    await writeFiles(folder, await pictures(['cat', 'dog'], 10, 'train/'))
    expect((await open(folder)).counts('validation')).toEqual([2, 2])
    const vehicles = await temporaryFolder()
    await writeFiles(vehicles, await pictures(['plane', 'train'], 5))
    expect((await open(vehicles)).labels).toEqual(['plane', 'train'])
  })

  it('divides the same way wherever the folder lies, and keeps most of it when images are added', async () => {
    const [one, two] = [await temporaryFolder(), await temporaryFolder()]
    const images = (count: number) => ({
      paths: packPaths(['cat', 'dog'].flatMap((label) => Array.from({ length: count }, (_, index) => `${label}/${index}.jpg`))),
      labelOf: Uint32Array.from({ length: 2 * count }, (_, index) => (index < count ? 0 : 1)),
      partOf: new Uint8Array(2 * count),
    })
    const paths = (count: number) => {
      const { validation } = splitImages(images(count), ['cat', 'dog'], { ownValidation: false, training: true })
      return new Set(Array.from(validation, (index) => pathAt(images(count).paths, index)))
    }
    const [before, after] = [paths(100), paths(110)]
    expect(before.size).toBe(30)
    expect([...before].filter((path) => after.has(path)).length).toBeGreaterThan(24)
    const files = await pictures(['cat', 'dog'], 8)
    await writeFiles(one, files)
    await writeFiles(two, files)
    expect((await open(one)).fingerprint).toBe((await open(two)).fingerprint)
  })

  it('says what is wrong with a folder', async () => {
    const parent = await temporaryFolder()
    const cases: Record<string, readonly [Record<string, Buffer | string>, string, RegExp]> = {
      'no classes': [{ 'a.jpg': 'x' }, 'MNAS_DATA_EMPTY', /no class folders/],
      'one class': [await pictures(['cat'], 5), 'MNAS_DATA_CLASSES', /received "cat"/],
      'too few': [
        { ...(await pictures(['cat'], 5)), ...(await pictures(['dog'], 2)) },
        'MNAS_DATA_TOO_FEW',
        /"dog".*at least 3.*received 2/,
      ],
      stranger: [
        { ...(await pictures(['cat', 'dog'], 3, 'train/')), ...(await pictures(['cow'], 1, 'val/')) },
        'MNAS_DATA_VALIDATION',
        /"cow"/,
      ],
      'all broken': [{ 'cat/1.jpg': 'x', 'dog/1.jpg': 'y' }, 'MNAS_DATA_BROKEN', /2 of 2 files/],
    }
    for (const [name, [files, code, message]] of Object.entries(cases)) {
      const folder = join(parent, name)
      await writeFiles(folder, files)
      expect(await errorCode(open(folder))).toBe(code)
      await expect(open(folder)).rejects.toThrow(message)
      await expect(open(folder)).rejects.toMatchObject({ exitCode: 7, message: expect.not.stringContaining('\n') })
    }
    await mkdir(join(parent, 'hollow/cat'), { recursive: true })
    await mkdir(join(parent, 'bare'))
    expect(await errorCode(open(join(parent, 'hollow')))).toBe('MNAS_DATA_EMPTY')
    expect(await errorCode(open(join(parent, 'bare')))).toBe('MNAS_DATA_EMPTY')
    await expect(open(join(parent, 'missing'))).rejects.toThrow(/it does not exist/)
    await expect(open(join(parent, 'no classes/a.jpg'))).rejects.toThrow(/it is a file/)
    expect(await errorCode(open(join(parent, 'missing')))).toBe('MNAS_DATA_FOLDER')
  })

  it('can be stopped', async () => {
    const folder = await temporaryFolder()
    await writeFiles(folder, await pictures(['cat', 'dog'], 3))
    await expect(open(folder, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  })
})

function bind(dataset: Awaited<ReturnType<typeof open>>) {
  return { skipped: dataset.skipped, size: dataset.size.bind(dataset), counts: dataset.counts.bind(dataset) }
}

const total = (...counts: readonly (readonly number[])[]) =>
  counts[0]!.map((_, index) => counts.reduce((sum, row) => sum + row[index]!, 0))

describe('a second scan', () => {
  /** As if the folder had lain there for a while: files as new as their scan are looked at again. */
  async function aged(files: Record<string, Buffer | string>): Promise<string> {
    const folder = await temporaryFolder()
    await writeFiles(folder, files)
    for (const path of Object.keys(files)) await utimes(join(folder, path), 1000, 1000)
    return folder
  }
  const scansIn = (cacheFolder: string) => join(cacheFolder, 'scans')

  it('reads only what has changed, and says the same', async () => {
    const bad = Object.fromEntries(Object.entries(await badFiles()).map(([name, [content]]) => [`cat/${name}`, content]))
    const folder = await aged({ ...(await pictures(['cat', 'dog'], 180)), ...bad })
    const cacheFolder = await temporaryFolder()
    const first = await open(folder, { cacheFolder })
    const events: number[] = []
    const again = await open(folder, { cacheFolder, report: ({ done }) => events.push(done) })
    expect(events).toEqual([])
    expect(again.fingerprint).toBe(first.fingerprint)
    expect(again.skipped).toEqual(first.skipped)
    expect([again.counts('train'), again.counts('heldOut')]).toEqual([first.counts('train'), first.counts('heldOut')])

    await writeFile(join(folder, 'dog/000.jpeg'), await picture(77))
    await writeFiles(folder, { 'cat/0.jpeg': await picture(78), 'zebra/1.png': await picture(79, 'png') })
    await writeFiles(folder, { 'zebra/2.png': await picture(80, 'png'), 'zebra/3.png': await picture(81, 'png') })
    await rm(join(folder, 'cat/001.png'))
    const changed = await open(folder, { cacheFolder, report: ({ done }) => events.push(done) })
    expect(events).toHaveLength(5)
    expect(changed.fingerprint).toBe((await open(folder)).fingerprint)
    expect(changed.fingerprint).not.toBe(first.fingerprint)
    expect(changed.labels).toEqual(['cat', 'dog', 'zebra'])
  })

  it('trusts no file as new as the last scan', async () => {
    const folder = await temporaryFolder()
    await writeFiles(folder, await pictures(['cat', 'dog'], 3))
    const cacheFolder = await temporaryFolder()
    await open(folder, { cacheFolder })
    const events: number[] = []
    await open(folder, { cacheFolder, report: ({ done }) => events.push(done) })
    expect(events).toHaveLength(6)
  })

  it('does without a cache that is damaged or cannot be written', async () => {
    const folder = await aged(await pictures(['cat', 'dog'], 3))
    const cacheFolder = await temporaryFolder()
    const { fingerprint } = await open(folder, { cacheFolder })
    const [name] = await readdir(scansIn(cacheFolder))
    for (const damage of ['', 'nonsense', Buffer.alloc(4000, 1)]) {
      await writeFile(join(scansIn(cacheFolder), name!), damage)
      expect((await open(folder, { cacheFolder })).fingerprint).toBe(fingerprint)
    }
    await rm(scansIn(cacheFolder), { recursive: true })
    await writeFile(scansIn(cacheFolder), 'a file in the way')
    expect((await open(folder, { cacheFolder })).fingerprint).toBe(fingerprint)
  })
})
