import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DraftFile } from '#internal/publish/contents/draft-file.js'
import { originOf } from '#internal/publish/lineage-of-bundle.js'
import { privatePlaceIn } from '#internal/publish/refusals/private-places.js'
import { requireLicence } from '#internal/publish/refusals/require-licence.js'
import { requireNothingPrivate } from '#internal/publish/refusals/require-nothing-private.js'

const places = { home: '/home/ada', host: 'turing' }
const look = (text: string) => privatePlaceIn(text, places)

describe('what belongs to one computer', () => {
  it.each([
    ['/home/ada/photos', 'the home folder'],
    ['"folder": "/home/ada"', 'the home folder'],
    ['trained on Turing, at night', "the computer's name"],
    ['ssh ada@turing.local', "the computer's name"],
    ['--data /tmp/photos', 'an absolute path'],
    ['"C:\\\\Users\\\\ada"', 'an absolute path'],
    ['D:/photos/x', 'an absolute path'],
    ['file:///srv/photos', 'an absolute path'],
    ['{"a":"/Users/bob/x"}', 'an absolute path'],
  ])('%s: %s', (text, what) => {
    expect(look(`first\nsecond ${text}`)).toMatchObject({ what, line: 2 })
  })

  it.each([
    'https://example.org/home/ada-lovelace/x',
    'a/b, c/d and exports/photos.tflite',
    '/m/0k4j is a label of Open Images',
    'M1,2/3 L/4',
    'C: a drive alone; note: see below',
    'the tmp folder, /tmp, and structuring',
    '"path": "../x"',
  ])('%s is nobody’s', (text) => {
    expect(look(text)).toBeNull()
  })

  it('names that every computer has are none, nor are those of one letter', () => {
    expect(privatePlaceIn('localhost and x', { home: '/', host: 'localhost' })).toBeNull()
    expect(privatePlaceIn('x', { home: '', host: 'x' })).toBeNull()
  })

  it('is found wherever it stands, and any text is looked through in time', () => {
    const around = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '"', '/', ':', '.') })
    fc.assert(
      fc.property(around, around, (before, after) => {
        expect(look(`${before} /home/ada/x ${after}`)).not.toBeNull()
      }),
      { numRuns: 300 },
    )
  })

  it('is looked for in text files, and not among weights', async () => {
    const fileOf = (path: string, role: DraftFile['role'], text: string): DraftFile => ({
      ...{ path, role, sha256: '', sizeBytes: 0, source: { bytes: new TextEncoder().encode(text) } },
    })
    await requireNothingPrivate([fileOf('weights.safetensors', 'weights', '/home/ada')], places)
    for (const path of ['model.json', 'charts/a.svg', 'README.md', 'LICENSE', 'exports/a.tfjs/postprocess.js'])
      await expect(requireNothingPrivate([fileOf(path, 'chart', 'x\n/home/ada')], places)).rejects.toMatchObject({
        ...{ code: 'MNAS_ZOO_PRIVATE', message: expect.stringContaining(`line 2 of "${path}"`) },
      })
  })
})

describe('a licence', () => {
  const apache = { name: 'timm', parent: null, licence: 'Apache-2.0', itself: false }

  it('must be there, and be one', () => {
    const codeOf = (licence: string | undefined) => () => requireLicence('photos', { licence }, null)
    expect(codeOf(undefined)).toThrow(expect.objectContaining({ code: 'MNAS_ZOO_LICENCE_MISSING' }))
    expect(codeOf('do what you want')).toThrow(expect.objectContaining({ code: 'MNAS_ZOO_LICENCE' }))
    expect(codeOf('MIT OR Apache-2.0')()).toEqual({ weights: 'MIT OR Apache-2.0', relicensed: null })
  })

  it("of weights that began with others' is theirs, unless somebody says why not", () => {
    expect(requireLicence('photos', { licence: 'Apache-2.0' }, apache).relicensed).toBeNull()
    expect(() => requireLicence('photos', { licence: 'MIT' }, apache)).toThrow(
      expect.objectContaining({ code: 'MNAS_ZOO_RELICENSE', message: expect.stringMatching(/timm.*Apache-2\.0.*MIT/) }),
    )
    expect(() => requireLicence('photos', { licence: 'MIT', relicense: ' ' }, apache)).toThrow(/RELICENSE|say why/)
    const asked = { licence: 'MIT', relicense: 'its owner allows it' }
    expect(requireLicence('photos', asked, apache)).toEqual({ weights: 'MIT', relicensed: 'its owner allows it' })
    expect(() => requireLicence('photos', {}, apache)).toThrow(expect.objectContaining({ code: 'MNAS_ZOO_LICENCE_MISSING' }))
    expect(requireLicence('photos', {}, { ...apache, itself: true }).weights).toBe('Apache-2.0')
  })

  it('of weights from elsewhere is known however far back', () => {
    expect(originOf({ import: { from: 'torchvision' } })).toMatchObject({ licence: 'BSD-3-Clause', itself: true })
    const hub = { import: { from: 'timm', source: 'hf:timm/mnasnet_100@abc', licence: 'apache-2.0' } }
    expect(originOf({ parent: { name: 'b', parent: { name: 'a', ...hub } } })).toEqual({
      ...{ name: 'hf:timm/mnasnet_100@abc', parent: { name: 'hf:timm/mnasnet_100@abc', digest: null } },
      ...{ licence: 'Apache-2.0', itself: false },
    })
    const digest = 'a'.repeat(64)
    expect(originOf({ zoo: { name: 'me/photos', digest, licence: 'MIT' } })).toMatchObject({
      ...{ parent: { name: 'me/photos', digest }, licence: 'MIT', itself: true },
    })
    expect(originOf({ parent: { name: 'local' } })).toBeNull()
    expect(originOf({ zoo: { name: '../x' } })).toBeNull()
  })
})
