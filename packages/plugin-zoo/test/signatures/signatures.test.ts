import { createPublicKey, type KeyObject } from 'node:crypto'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { hashBytes } from '@mnas/core/files'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkSignature, isUntrusted, requireSignature } from '#internal/signatures/check-signature.js'
import { keyId, makeKey, readPrivateKey, readPublicKey } from '#internal/signatures/keys.js'
import { readSignature } from '#internal/signatures/read-signature.js'
import { signFiles, signZoo } from '#internal/signatures/sign-files.js'
import { addTrust, readTrust, removeTrust, type TrustedKey, trustFor } from '#internal/signatures/trust-list.js'
import { identityOf } from '#internal/zoos/open-store.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let mine: KeyObject
let others: KeyObject
beforeAll(async () => {
  folder = await temporaryFolder('signatures')
  const [one, two] = await Promise.all([makeKey(join(folder.path, 'mine')), makeKey(join(folder.path, 'others'))])
  mine = await readPrivateKey(one.privatePath)
  others = await readPrivateKey(two.privatePath)
})
afterAll(() => folder.remove())

const contents: Readonly<Record<string, string>> = {
  'entry.json': '{}',
  'exports/a.tflite': 'file',
  'exports.json': 'beside a folder of nearly its name',
  'exports/a.tfjs/model.json': '{}',
}
const files = Object.entries(contents).map(([path, text]) => ({ path, sha256: hashBytes(text) }))
const trusting = (key: KeyObject, mode: TrustedKey['mode'] = 'warn', pattern = 'me/*'): TrustedKey => ({
  ...{ pattern, mode },
  key: createPublicKey(key),
})
const check = { name: 'me/photos', subject: 'me/photos@1.0.0', files }
const codeOf = (changes: Partial<Parameters<typeof checkSignature>[0]>) =>
  checkSignature({ ...check, signature: signFiles(check.subject, files, mine), trust: [trusting(mine)], ...changes }).problem
    ?.code

describe('keys', () => {
  it('are made for their owner alone, and never over another file', async () => {
    const path = join(folder.path, 'new')
    const { publicPath, id } = await makeKey(path)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(keyId(await readPublicKey(publicPath))).toBe(id)
    expect(keyId(await readPublicKey(path))).toBe(id)
    await expect(makeKey(path)).rejects.toMatchObject({ code: 'MNAS_ZOO_KEY_EXISTS' })
  })

  it.each([
    ['nothing', ''],
    ['a text', 'hello'],
    [
      'a key of another type',
      '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n',
    ],
  ])('that are %s are refused by name', async (_, text) => {
    const path = join(folder.path, 'wrong.pem')
    await writeFile(path, text)
    await expect(readPublicKey(path)).rejects.toMatchObject({ code: 'MNAS_ZOO_KEY_FILE' })
    await expect(readPrivateKey(path)).rejects.toMatchObject({ code: 'MNAS_ZOO_KEY_FILE' })
  })
})

describe('a signature', () => {
  it('is believed of a trusted key and the files that were signed', () => {
    const signature = signFiles(check.subject, files, mine)
    const verdict = checkSignature({ ...check, signature, trust: [trusting(others), trusting(mine, 'warn', '*')] })
    expect(verdict).toEqual({ state: 'trusted', key: keyId(mine), problem: null, enforced: false })
    expect(checkSignature({ ...check, signature, trust: [] })).toMatchObject({ state: 'unknown', problem: null })
    expect(checkSignature({ ...check, signature, trust: [trusting(mine, 'warn', 'you/*')] })).toMatchObject({ state: 'unknown' })
  })

  it('is refused by a name for each thing that can be wrong with it', () => {
    expect(codeOf({})).toBeUndefined()
    expect(codeOf({ signature: null })).toBe('MNAS_ZOO_UNSIGNED')
    expect(codeOf({ trust: [trusting(others)] })).toBe('MNAS_ZOO_KEY_UNKNOWN')
    expect(codeOf({ signature: signFiles('you/cats@2.0.0', files, mine) })).toBe('MNAS_ZOO_SIGNATURE_OTHER')
    const flipped = files.map((file, i) => (i === 1 ? { ...file, sha256: hashBytes('filf') } : file))
    expect(codeOf({ files: flipped })).toBe('MNAS_ZOO_SIGNATURE_CHANGED')
    expect(codeOf({ files: [...files, { path: 'more.bin', sha256: hashBytes('') }] })).toBe('MNAS_ZOO_SIGNATURE_CHANGED')
    expect(codeOf({ files: files.slice(1) })).toBe('MNAS_ZOO_SIGNATURE_CHANGED')
  })

  it('of somebody whom nobody trusts is worse when it is of something else', () => {
    const by = (key: KeyObject, subject = check.subject) => signFiles(subject, files, key)
    const verdict = (signature: Uint8Array | null, changes: Partial<typeof check> = {}) =>
      checkSignature({ ...check, ...changes, signature, trust: [trusting(mine)] })
    const untrusted = [verdict(null), verdict(by(others))]
    expect(untrusted.map(isUntrusted)).toEqual([true, true])
    const contradicting = [verdict(by(others), { files: files.slice(1) }), verdict(by(others, 'you/cats@2.0.0'))]
    expect(contradicting.map(({ problem }) => problem?.code)).toEqual(['MNAS_ZOO_SIGNATURE_CHANGED', 'MNAS_ZOO_SIGNATURE_OTHER'])
    expect([...contradicting, verdict(by(mine))].map(isUntrusted)).toEqual([false, false, false])
  })

  it('of which a byte was changed by somebody without the key is told as wrong', () => {
    const signature = JSON.parse(Buffer.from(signFiles(check.subject, files, mine)).toString())
    const statement = JSON.parse(Buffer.from(signature.dsseEnvelope.payload, 'base64').toString())
    statement.subject[0].name = 'me/photos@1.0.1'
    signature.dsseEnvelope.payload = Buffer.from(JSON.stringify(statement)).toString('base64')
    expect(codeOf({ signature: Buffer.from(JSON.stringify(signature)), subject: 'me/photos@1.0.1' })).toBe(
      'MNAS_ZOO_SIGNATURE_WRONG',
    )
  })

  it('that ends anywhere before its end is damaged', () => {
    const signature = signFiles(check.subject, files, mine)
    fc.assert(
      fc.property(fc.nat(signature.length - 1), (length) => {
        expect(codeOf({ signature: signature.subarray(0, length) })).toBe('MNAS_ZOO_SIGNATURE_DAMAGED')
      }),
    )
  })

  it('whose bytes are anything never does more than be refused', () => {
    const signature = Buffer.from(signFiles(check.subject, files, mine))
    fc.assert(
      fc.property(fc.nat(signature.length - 1), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(signature)
        changed[at] = byte
        const { state, problem } = checkSignature({ ...check, signature: changed, trust: [trusting(mine)] })
        // Fields that nobody believes may change: what is signed and by whom may not.
        if (state === 'trusted') expect(readSignature(changed, '').statement).toEqual(readSignature(signature, '').statement)
        else expect(problem?.code).toMatch(/^MNAS_ZOO_(SIGNATURE|KEY)_/)
      }),
      { numRuns: 300 },
    )
  })

  it('stops who enforces and warns who does not', () => {
    const warnings: string[] = []
    const warn = (message: string) => void warnings.push(message)
    const wrong = { ...check, signature: null }
    expect(requireSignature({ ...wrong, trust: [trusting(mine)] }, warn)).toMatchObject({ state: 'wrong' })
    expect(warnings).toEqual([expect.stringContaining('has no signature')])
    const enforcing = [trusting(mine, 'enforce')]
    expect(() => requireSignature({ ...wrong, trust: enforcing }, warn)).toThrow(/has no signature/)
    // A key of which another pattern only warns does not open what one enforces.
    const byOthers = { ...check, signature: signFiles(check.subject, files, others) }
    const trust = [...enforcing, trusting(others, 'warn', '*')]
    expect(() => requireSignature({ ...byOthers, trust }, warn)).toThrow(/Expected/)
  })

  it('of a zoo covers its list', () => {
    const bytes = Buffer.from('{"version":1}')
    const about = {
      name: 'https://zoo.example/',
      subject: 'zoo.json.gz',
      trust: [trusting(mine, 'warn', 'https://zoo.example/*')],
    }
    const signature = signZoo(bytes, mine)
    const listed = [{ path: 'zoo.json.gz', sha256: hashBytes(bytes) }]
    expect(checkSignature({ ...about, files: listed, signature }).state).toBe('trusted')
    expect(codeOf({ ...about, signature })).toBe('MNAS_ZOO_SIGNATURE_CHANGED')
  })
})

describe('the trust list', () => {
  it('keeps keys by pattern, and forgets them again', async () => {
    const path = join(folder.path, 'trust', 'zoo-trust.json')
    expect(await readTrust(path)).toEqual([])
    await addTrust(trusting(mine), path)
    await addTrust(trusting(others, 'enforce'), path)
    await addTrust(trusting(mine, 'enforce'), path)
    const all = await readTrust(path)
    expect(all.map(({ pattern, mode, key }) => [pattern, mode, keyId(key)])).toEqual([
      ['me/*', 'enforce', keyId(others)],
      ['me/*', 'enforce', keyId(mine)],
    ])
    expect(await readFile(path, 'utf8')).not.toContain('PRIVATE')
    await removeTrust('me/*', keyId(mine).slice(0, 12), path)
    expect((await readTrust(path)).map(({ key }) => keyId(key))).toEqual([keyId(others)])
    await expect(removeTrust('you/*', '', path)).rejects.toMatchObject({ code: 'MNAS_ZOO_TRUST_UNKNOWN' })
  })

  it.each([
    ['~/zoo', join(homedir(), 'zoo')],
    ['~/zoo/', join(homedir(), 'zoo')],
    ['./zoo', join(process.cwd(), 'zoo')],
    ['/srv/zoo/', '/srv/zoo'],
    ['HTTPS://Example.org:443/Zoo/', 'https://example.org/Zoo'],
    ['https://example.org/*', 'https://example.org/*'],
    ['hf:me/photos', 'hf:me/photos'],
  ])('means the zoo that is written %s, however it is', async (written, identity) => {
    const path = join(folder.path, 'places', 'zoo-trust.json')
    await addTrust(trusting(mine, 'enforce', written), path)
    expect(trustFor(identityOf(written), await readTrust(path))).toMatchObject([{ pattern: identity }])
    expect(await removeTrust(written, '', path)).toEqual([])
  })

  it.each([
    ['{', /not JSON/],
    ['{"version":2}', /version/],
    ['{"version":1,"trusted":[{"pattern":"*","mode":"warn","key":"none"}]}', /keys is none/],
  ])('that is damaged is an error: %s', async (text, reason) => {
    const path = join(folder.path, 'damaged', 'zoo-trust.json')
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
    await expect(readTrust(path)).rejects.toMatchObject({ code: 'MNAS_ZOO_TRUST_FILE', message: expect.stringMatching(reason) })
  })

  it.each([
    ['*', 'me/photos', true],
    ['me/*', 'me/photos', true],
    ['me/*', 'you/photos', false],
    ['me/photos', 'me/photos', true],
    ['me/photos', 'me/photos2', false],
    ['*/ph*s', 'me/photos', true],
    ['a*a', 'a', false],
    ['me*me', 'me', false],
    ['*a*b*', 'xaxbx', true],
    ['*b*a*', 'xaxbx', false],
  ])('takes %s for %s: %s', (pattern, name, expected) => {
    expect(trustFor(name, [trusting(mine, 'warn', pattern)]).length > 0).toBe(expected)
  })
})
