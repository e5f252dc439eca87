import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { defaultCacheFolder } from '@mnas/core/config'
import { testSurroundings } from '@mnas/core/testing'
import { liteRt } from '@mnas/tflite'
import { zipSync } from 'fflate'
import { describe, expect, it, vi } from 'vitest'
import { cachedLibrary, describeLibrary, findLibrary, recordOf } from '#internal/setup/find-library.js'
import { libraryFileName, referenceChecksums, thisPlatform } from '#internal/setup/litert-release.js'
import { downloadWheel, downloadWheelFor } from '#internal/setup/pip-download.js'
import { wheelLibrary } from '#internal/setup/wheel-library.js'
import { temporaryFolder } from './support/models.js'
import { testedRuntimes } from './support/runtimes.js'

const library = Buffer.from('not really a library')
const entry = `ai_edge_litert/${libraryFileName}`
const base64 = createHash('sha256').update(library).digest('base64url')
const sha256 = createHash('sha256').update(library).digest('hex')

const wheel = (files: Record<string, Uint8Array>) => zipSync(files)
const record = (digest: string) => Buffer.from(`a,sha256=b,1\n${entry},sha256=${digest},20\n`)
const recordEntry = 'ai_edge_litert-2.3.0.dist-info/RECORD'

describe('the library in a wheel', () => {
  it('is taken out when its own RECORD vouches for it and no reference is known', () => {
    const bytes = wheel({ [entry]: library, [recordEntry]: record(base64), 'other.py': Buffer.from('x') })
    const taken = wheelLibrary('x.whl', bytes, 'plan9-vax')
    expect(Buffer.from(taken.bytes)).toEqual(library)
    expect(taken.record).toEqual({ version: 1, sha256, verified: 'record' })
  })

  it('is refused when it is not the reference', () => {
    const bytes = wheel({ [entry]: library, [recordEntry]: record(base64) })
    expect(() => wheelLibrary('x.whl', bytes, 'linux-x64')).toThrow(expect.objectContaining({ code: 'MNAS_LITERT_CHECKSUM' }))
    expect(() => wheelLibrary('x.whl', bytes, 'linux-x64')).toThrow(referenceChecksums['linux-x64'])
  })

  it.each([
    ['is missing', { [recordEntry]: record(base64) }],
    ['has no RECORD', { [entry]: library }],
    ['is another one than the RECORD states', { [entry]: library, [recordEntry]: record('AAAA') }],
  ])('is refused when it %s', (_, files) => {
    expect(() => wheelLibrary('x.whl', wheel(files), 'plan9-vax')).toThrow(
      expect.objectContaining({ code: 'MNAS_LITERT_PACKAGE' }),
    )
  })

  it('is refused when the wheel is no zip', () => {
    const broken = () => wheelLibrary('x.whl', Buffer.from('<html>'), 'plan9-vax')
    expect(broken).toThrow(expect.objectContaining({ code: 'MNAS_LITERT_PACKAGE' }))
  })
})

/** A program that answers like Python with pip; the body sees its arguments as "$@". */
function fakePython(body: string): string {
  const path = join(temporaryFolder(), 'python3')
  writeFileSync(path, `#!/bin/sh\ncase "$*" in *--version) exit 0;; esac\n${body}\n`)
  chmodSync(path, 0o755)
  return path
}

describe.skipIf(process.platform === 'win32')('the download', () => {
  const download = async (pythons: string[]) => {
    const folder = temporaryFolder()
    return downloadWheel(folder, pythons).then((path) => path.slice(folder.length + 1))
  }
  const argument = 'while [ "$1" != --dest ]; do shift; done; folder="$2"'

  it('asks pip for this platform’s wheel', async () => {
    const python = fakePython(`${argument}; : > "$folder/a.whl"`)
    expect(await download(['/no/such/python', python])).toBe('a.whl')
  })

  it('asks for another Python’s wheel when there is none for this one', async () => {
    const refusing = 'echo "ERROR: No matching distribution found for x" >&2; exit 1'
    const python = fakePython(`case "$*" in *--python-version*) ${argument}; : > "$folder/b.whl";; *) ${refusing};; esac`)
    expect(await download([python])).toBe('b.whl')
  })

  it('asks for the wheel of a board', async () => {
    const words = 'case "$*" in *"--platform manylinux_2_27_aarch64 --python-version 3.12 "*)'
    const python = fakePython(`${words} ${argument}; : > "$folder/c.whl";; *) exit 1;; esac`)
    expect(await downloadWheelFor('manylinux_2_27_aarch64', temporaryFolder(), [python])).toMatch(/c\.whl$/)
  })

  it('says that there is no Python, or no pip', async () => {
    await expect(download(['/no/such/python'])).rejects.toMatchObject({ code: 'MNAS_LITERT_PYTHON' })
    const path = join(temporaryFolder(), 'python3')
    writeFileSync(path, '#!/bin/sh\necho "python3: No module named pip" >&2\nexit 1\n')
    chmodSync(path, 0o755)
    await expect(download([path])).rejects.toMatchObject({
      code: 'MNAS_LITERT_PYTHON',
      message: expect.stringContaining('No module named pip'),
    })
  })

  it('says why pip refused', async () => {
    const python = fakePython('echo "ERROR: network is unreachable" >&2; exit 1')
    await expect(download([python])).rejects.toMatchObject({
      code: 'MNAS_LITERT_DOWNLOAD',
      message: expect.stringContaining('network is unreachable'),
    })
    await expect(download([fakePython('exit 0')])).rejects.toMatchObject({ code: 'MNAS_LITERT_DOWNLOAD' })
  })
})

describe('the set-up', () => {
  it('says what it will do', async () => {
    const cacheFolder = temporaryFolder()
    const download = await liteRt.setup!.plan({}, testSurroundings({ cacheFolder }))
    expect(download[0]).toContain('ai-edge-litert==2.3.0')
    expect(download.at(-1)).toContain(cacheFolder)
    expect((await liteRt.setup!.plan({ library: '/x/libLiteRt.so' }, testSurroundings({ cacheFolder })))[0]).toContain(
      '/x/libLiteRt.so',
    )
    expect(readdirSync(cacheFolder)).toEqual([])
  })

  it('refuses a library that is not there or cannot be loaded, and installs nothing', async () => {
    const cacheFolder = temporaryFolder()
    const around = testSurroundings({ cacheFolder })
    const folder = temporaryFolder()
    const path = join(folder, libraryFileName)
    await expect(liteRt.setup!.run({ library: path }, around)).rejects.toMatchObject({ code: 'MNAS_FILE_MISSING' })
    writeFileSync(path, library)
    await expect(liteRt.setup!.run({ library: path }, around)).rejects.toMatchObject({ code: 'MNAS_LITERT_LIBRARY' })
    expect(readdirSync(cacheFolder)).toEqual([])
  })

  it('installs the library it is given', async (context) => {
    const { missing } = (await testedRuntimes())[1]!
    context.skip(missing !== null, 'LiteRT’s library is not set up')
    const cacheFolder = temporaryFolder()
    const info = await liteRt.setup!.run({ library: await findLibrary(defaultCacheFolder()) }, testSurroundings({ cacheFolder }))
    expect(info).toEqual(await liteRt.available(testSurroundings()))
    expect(existsSync(cachedLibrary(cacheFolder))).toBe(true)
  })
})

describe('the libraries for boards', () => {
  it('are those of this computer where it is one of them, else what was fetched for them', async () => {
    const around = testSurroundings({ cacheFolder: temporaryFolder() })
    const libraries = liteRt.libraries!
    expect(libraries.platforms).toEqual(['linux-x64', 'linux-arm64'])
    for (const platform of libraries.platforms) {
      expect(await libraries.find(platform, around)).toBeNull()
      const path =
        platform === thisPlatform
          ? cachedLibrary(around.cacheFolder)
          : join(around.cacheFolder, 'litert', '2.3.0', platform, 'libLiteRt.so')
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, library)
      const found = { name: 'litert', version: 'unknown', sha256, path, sizeBytes: library.length }
      expect(await libraries.find(platform, around)).toEqual(found)
    }
  })
})

describe('the search for the library', () => {
  it('ends with what to do when there is none', async () => {
    vi.stubEnv('MNAS_LITERT_LIBRARY', '')
    expect(await liteRt.available(testSurroundings({ cacheFolder: temporaryFolder() }))).toMatchObject({
      code: 'MNAS_LITERT_MISSING',
      message: expect.stringContaining('mnas device setup host'),
    })
    vi.unstubAllEnvs()
  })

  it('does not pass over a library that the environment names and that does not work', async () => {
    const path = join(temporaryFolder(), libraryFileName)
    vi.stubEnv('MNAS_LITERT_LIBRARY', path)
    expect(await liteRt.available(testSurroundings())).toMatchObject({
      code: 'MNAS_LITERT_MISSING',
      message: expect.stringContaining(path),
    })
    writeFileSync(path, library)
    expect(await liteRt.available(testSurroundings())).toMatchObject({ code: 'MNAS_LITERT_LIBRARY' })
    vi.unstubAllEnvs()
  })

  it('tells a version only where a checksum vouches for it', async () => {
    const path = join(temporaryFolder(), 'lib', libraryFileName)
    mkdirSync(join(path, '..'))
    writeFileSync(path, library)
    expect(await describeLibrary(path)).toEqual({ name: 'litert', version: 'unknown', sha256 })
    writeFileSync(recordOf(path), JSON.stringify({ version: 1, sha256, verified: 'record' }))
    expect(await describeLibrary(path)).toMatchObject({ version: '2.3.0' })
    writeFileSync(recordOf(path), JSON.stringify({ version: 1, sha256, verified: 'none' }))
    expect(await describeLibrary(path)).toMatchObject({ version: 'unknown' })
  })
})
