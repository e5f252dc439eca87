import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hashBytes } from '@mnas/core/files'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cutAfter, type FileServer, startFileServer } from '../../packages/plugin-zoo/test/support/file-server.js'
import { madeUpPublication } from '../../packages/plugin-zoo/test/support/made-up-publication.js'
import { publishIntoFolder } from '../../packages/plugin-zoo/test/support/publish-into-folder.js'
import { readWholeZoo } from '../../packages/plugin-zoo/test/support/read-whole-zoo.js'
import { mnas, startMnas } from '../support/mnas.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const program = fileURLToPath(new URL('support/publish-process.mjs', import.meta.url))
/** In each of the two; each takes two starts of a program. */
const kills = Number(process.env['MNAS_TEST_KILLS'] ?? 20)
const killMs = 6000
let folder: Awaited<ReturnType<typeof temporaryFolder>>
const at = (...path: readonly string[]) => join(folder.path, ...path)
beforeAll(async () => {
  folder = await temporaryFolder('zoo-kill')
})
afterAll(() => folder.remove())

const bytesOf = (size: number, seed: number) =>
  new Uint8Array(size).map((_, index) => (index * 7919 + seed * 31 + (index >> 8)) % 251)

async function writePublication(release: string, seed: number): Promise<string> {
  const files = Array.from({ length: 4 }, (_, index) => [`exports/${index}.tflite`, bytesOf(50_000, 10 * seed + index)] as const)
  const publication = madeUpPublication({ release, files: new Map(files) })
  const to = at(`publication-${release}`)
  await mkdir(to)
  const hashes = [...publication.files.keys()]
  await writeFile(join(to, 'entry.json'), publication.entry)
  await writeFile(join(to, 'README.md'), publication.card)
  await writeFile(join(to, 'summary.json'), JSON.stringify(publication.summary))
  await writeFile(join(to, 'files.json'), JSON.stringify(hashes))
  for (const [hash, source] of publication.files)
    await writeFile(join(to, hash), (source as { readonly bytes: Uint8Array }).bytes)
  return to
}

/** Runs a publish. @param killAfter so many steps, then SIGKILL; null: to its end. @returns its last word */
function publish(publication: string, killAfter: number | null): Promise<{ readonly last: string; readonly killed: boolean }> {
  const child = spawn(process.execPath, [program, at('zoo'), publication], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (killAfter !== null && said.split('\n').length > killAfter) child.kill('SIGKILL')
  })
  return new Promise((resolve) => {
    child.on('close', (_, signal) => resolve({ last: said.trim().split('\n').at(-1)!, killed: signal === 'SIGKILL' }))
  })
}

describe('a publish that is killed', () => {
  it(
    'leaves a zoo that can be read, whenever that happens, and the same one goes on',
    async () => {
      let killed = 0
      for (let kill = 0; kill < kills; kill++) {
        const publication = await writePublication(`1.0.${kill}`, kill)
        // There are about nine steps: five files, entry, card, shard, list.
        killed += Number((await publish(publication, 1 + (kill % 10))).killed)
        const before = (await readWholeZoo(at('zoo'))).length
        expect(before === kill || before === kill + 1).toBe(true)
        expect((await publish(publication, null)).last).toMatch(before === kill ? /^published$/ : /^unchanged$/)
        expect(await readWholeZoo(at('zoo'))).toHaveLength(kill + 1)
      }
      expect(killed).toBeGreaterThan(kills / 2)
    },
    kills * killMs,
  )

  it('keeps every one of several processes that publish at once', async () => {
    const before = (await readWholeZoo(at('zoo'))).length
    const publications = await Promise.all(['2.0.0', '2.1.0', '2.2.0', '2.3.0'].map(writePublication))
    const ends = await Promise.all([...publications, publications[0]!].map((publication) => publish(publication, null)))
    expect(ends.map(({ last }) => last).filter((last) => last !== 'published' && last !== 'unchanged')).toEqual([])
    expect(await readWholeZoo(at('zoo'))).toHaveLength(before + 4)
  })
})

describe('a pull that is killed', () => {
  const size = 3_000_000
  const weights = bytesOf(size, 7)
  let server: FileServer
  beforeAll(async () => {
    const publication = madeUpPublication({ name: 'me/large', files: new Map([['weights.safetensors', weights]]) })
    await publishIntoFolder(at('pulled-zoo'), publication)
    server = await startFileServer(at('pulled-zoo'))
  })
  afterAll(() => server.close())
  const args = (out: string) => ['zoo', 'pull', 'me/large', '--zoo', server.url, '--out', at('models', out)]
  const env = () => ({ MNAS_CACHE_FOLDER: at('cache') })

  it(
    'leaves no half model, and is gone on with',
    async () => {
      for (let kill = 0; kill < kills; kill++) {
        const running = startMnas(args('large'), { env: env() })
        server.fail(new RegExp(hashBytes(weights)), (asked, response) => {
          const rest = asked.bytes.subarray(asked.from)
          response.writeHead(asked.from > 0 ? 206 : 200, {
            'content-length': rest.length,
            'content-range': `bytes ${asked.from}-${size - 1}/${size}`,
          })
          response.write(rest.subarray(0, size / kills), () => running.kill('SIGKILL'))
        })
        expect((await running.ended).signal).toBe('SIGKILL')
        expect(await readdir(at('models'))).not.toContain('large')
      }
      expect((await mnas(args('large'), { env: env() })).exitCode).toBe(0)
      expect(hashBytes(await readFile(at('models', 'large', 'weights.safetensors')))).toBe(hashBytes(weights))
      expect(server.requests.filter(({ range }) => range !== undefined).length).toBeGreaterThan(kills / 2)
    },
    kills * killMs,
  )

  it('may happen twice at once, into one folder', async () => {
    server.fail(new RegExp(hashBytes(weights)), cutAfter(1000))
    const twice = { env: { MNAS_CACHE_FOLDER: at('cache-of-two') } }
    const ends = await Promise.all([mnas([...args('two'), '--json'], twice), mnas([...args('two'), '--json'], twice)])
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0])
    const fetched = ends.map((end) => end.json<{ fetchedBytes: number }>().fetchedBytes)
    expect(fetched[0]! + fetched[1]!).toBeLessThan(1.1 * size)
    expect(hashBytes(await readFile(at('models', 'two', 'weights.safetensors')))).toBe(hashBytes(weights))
  })
})
