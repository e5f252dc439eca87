import { execFile } from 'node:child_process'
import { chmod, mkdir, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { errorCode, picture, pictures, temporaryFolder, writeFiles } from '../../images/test/support/pictures.js'
import { digest, evaluationPlan, open, take, trainingPlan } from './support/image-folder.js'

async function photos(): Promise<string> {
  const folder = await temporaryFolder()
  await writeFiles(folder, await pictures(['circle', 'square'], 12))
  return folder
}
const firstBatches = async (dataset: Awaited<ReturnType<typeof open>>) => (await take(dataset, trainingPlan, 3)).map(digest)
const cachesIn = async (cacheFolder: string) => (await readdir(join(cacheFolder, 'data'))).sort()

describe('the pixel cache', () => {
  it('is made once, and then the files are not read any more', async () => {
    const folder = await photos()
    const cacheFolder = await temporaryFolder()
    const events: number[] = []
    const expected = await firstBatches(await open(folder, { cacheFolder, report: ({ done }) => events.push(done) }))
    expect(events).toContain(24)
    const again = await open(folder, { cacheFolder })
    await rm(folder, { recursive: true })
    expect(await firstBatches(again)).toEqual(expected)
    expect((await take(again, trainingPlan, 3, undefined, 2)).map(digest)).toEqual(expected)
    expect(await cachesIn(cacheFolder)).toEqual([expect.stringMatching(/^[0-9a-f]{32}-27-[0-9a-f]{8}$/)])
  })

  it('never remembers that a file could not be read', async () => {
    const folder = await photos()
    const cacheFolder = await temporaryFolder()
    const dataset = await open(folder, { cacheFolder })
    const [gone] = await readdir(join(folder, 'circle'))
    await rm(join(folder, 'circle', gone!))
    expect(await errorCode(firstBatches(dataset))).toBe('MNAS_DATA_UNREAD')
    await expect(cachesIn(cacheFolder)).resolves.toEqual([])
  })

  it('may be built by several data sets and processes at once', async () => {
    const folder = await photos()
    const cacheFolder = await temporaryFolder()
    const expected = await firstBatches(await open(folder, { cacheLimitBytes: 0 }))
    const build = `
      const { openImageFolder } = await import(${JSON.stringify(new URL('../dist/open-image-folder.js', import.meta.url).href)})
      const dataset = await openImageFolder(${JSON.stringify({ folder, cacheFolder, cacheLimitBytes: 1e9 })})
      for await (const _ of dataset.batches(${JSON.stringify(trainingPlan)}, { epoch: 0, index: 0 }, 0, new AbortController().signal)) break
      await dataset.close()`
    const inProcess = [open(folder, { cacheFolder }), open(folder, { cacheFolder }), open(folder, { cacheFolder })]
    const processes = [1, 2].map(() => promisify(execFile)(process.execPath, ['--input-type=module', '-e', build]))
    const results = await Promise.all(inProcess.map(async (dataset) => firstBatches(await dataset)))
    await Promise.all(processes)
    for (const result of results) expect(result).toEqual(expected)
    expect(await cachesIn(cacheFolder)).toHaveLength(1)
  })

  it('is not used beyond the limit, and makes room for newer ones', async () => {
    const folder = await photos()
    const cacheFolder = await temporaryFolder()
    const small = await open(folder, { cacheFolder, cacheLimitBytes: 1000 })
    const expected = await firstBatches(small)
    await expect(cachesIn(cacheFolder)).rejects.toThrow('ENOENT')
    const limited = await open(folder, { cacheFolder, cacheLimitBytes: 100_000 })
    expect(await firstBatches(limited)).toEqual(expected)
    const [first] = await cachesIn(cacheFolder)
    const bytes = (await stat(join(cacheFolder, 'data', first!, 'pixels.bin'))).size
    expect(bytes).toBeGreaterThan(24 * 27 * 27 * 3 - 1)
    expect(bytes).toBeLessThan(100_000)
    await take(limited, { ...trainingPlan, inputSize: 25 }, 1)
    expect(await cachesIn(cacheFolder)).toEqual([expect.stringContaining('-29-')])
    expect(await firstBatches(limited)).toEqual(expected)
  })

  it('drops what a killed build left behind', async () => {
    const cacheFolder = await temporaryFolder()
    const abandoned = join(cacheFolder, 'data', 'x-27-y.building-1')
    const active = join(cacheFolder, 'data', 'x-27-y.building-2')
    await mkdir(abandoned, { recursive: true })
    await mkdir(active)
    await writeFile(join(abandoned, 'pixels.bin'), 'x')
    await utimes(join(abandoned, 'pixels.bin'), 1, 1)
    await firstBatches(await open(await photos(), { cacheFolder }))
    expect(await cachesIn(cacheFolder)).toEqual([expect.stringMatching(/-27-/), 'x-27-y.building-2'])
  })

  it('is built again when it is damaged', async () => {
    const folder = await photos()
    const cacheFolder = await temporaryFolder()
    const expected = await firstBatches(await open(folder, { cacheFolder }))
    const [name] = await cachesIn(cacheFolder)
    const pixels = join(cacheFolder, 'data', name!, 'pixels.bin')
    const { size } = await stat(pixels)
    for (const damage of [() => truncate(pixels, 100), () => writeFile(join(cacheFolder, 'data', name!, 'cache.json'), '{')]) {
      await damage()
      expect(await firstBatches(await open(folder, { cacheFolder }))).toEqual(expected)
      expect((await stat(pixels)).size).toBe(size)
    }
    expect(await cachesIn(cacheFolder)).toEqual([name])
  })

  it('says when it cannot be written, and leaves nothing', async () => {
    const folder = await photos()
    const cacheFolder = await temporaryFolder()
    await writeFile(join(cacheFolder, 'data'), 'a file in the way')
    const dataset = await open(folder, { cacheFolder })
    await expect(firstBatches(dataset)).rejects.toThrow(/pixel cache .*a file stands where a folder is needed.*--cache-limit 0/)
    await rm(join(cacheFolder, 'data'))
    if (process.getuid?.() !== 0) {
      await mkdir(join(cacheFolder, 'data'))
      await chmod(join(cacheFolder, 'data'), 0o500)
      expect(await errorCode(firstBatches(dataset))).toBe('MNAS_DATA_CACHE')
      await chmod(join(cacheFolder, 'data'), 0o700)
    }
    expect(await firstBatches(dataset)).toHaveLength(3)
  })

  it('ends with a full disk as a named error', async () => {
    const folder = await photos()
    const cacheFolder = await temporaryFolder()
    const worker = fileURLToPath(new URL('../dist/open-image-folder.js', import.meta.url))
    const script = `
      process.on('SIGXFSZ', () => {})
      const { openImageFolder } = await import(${JSON.stringify(worker)})
      const dataset = await openImageFolder(${JSON.stringify({ folder, cacheFolder, cacheLimitBytes: 1e9 })})
      try { for await (const _ of dataset.batches(${JSON.stringify(trainingPlan)}, { epoch: 0, index: 0 }, 0, new AbortController().signal)) break }
      catch (error) { console.log(error.code, error.message) }`
    const { stdout } = await promisify(execFile)('bash', [
      '-c',
      `ulimit -f 10; exec "$0" --input-type=module -e "$1"`,
      process.execPath,
      script,
    ])
    expect(stdout).toMatch(/^MNAS_DATA_CACHE .*exceed the allowed size/)
    expect(await cachesIn(cacheFolder)).toEqual([])
  })

  it('can be stopped while it is built, and leaves nothing', async () => {
    const cacheFolder = await temporaryFolder()
    const controller = new AbortController()
    const dataset = await open(await photos(), {
      cacheFolder,
      whileWorking: (work) => {
        controller.abort(new Error('enough'))
        return work()
      },
    })
    const batches = dataset.batches(trainingPlan, { epoch: 0, index: 0 }, 0, controller.signal)
    await expect(batches[Symbol.asyncIterator]().next()).rejects.toThrow('enough')
    expect(await cachesIn(cacheFolder)).toEqual([])
  })

  it('reads the same bytes from a cache, which is filled by other threads, as from the files', async () => {
    const folder = await temporaryFolder()
    const files: Record<string, Buffer> = {}
    for (const label of ['a', 'b'])
      for (let number = 0; number < 6; number++)
        files[`${label}/${number}.jpg`] = await picture(number + (label === 'a' ? 0 : 10), 'jpeg', 320 + number, 240)
    await writeFiles(folder, files)
    const plan = { ...evaluationPlan, split: 'train', inputSize: 160 } as const
    const digests = async (cacheLimitBytes: number) => (await take(await open(folder, { cacheLimitBytes }), plan)).map(digest)
    expect(await digests(1e9)).toEqual(await digests(0))
  })
})
