import { generateKeyPairSync } from 'node:crypto'
import type { RunFront } from '@mnas/core/bundle'
import { storeErrors } from '@mnas/core/errors'
import { hashBytes } from '@mnas/core/files'
import { describe, expect, it } from 'vitest'
import { signAttestation } from '#internal/attest/attestation.js'
import { catalogueErrors } from '#internal/catalogue/errors.js'
import { summarizeEntry } from '#internal/catalogue/summarize-entry.js'
import type { ZooEntry } from '#internal/entry/entry-schema.js'
import { describeList } from '#internal/search/describe-list.js'
import { attestedOf } from '#internal/show/attested-of.js'
import { describeEntry } from '#internal/show/describe-entry.js'
import type { FoundEntry } from '#internal/show/find-entry.js'
import { describeHistory, historyOf } from '#internal/show/history-of.js'
import { describeLineage, lineageOf } from '#internal/show/lineage-of.js'
import { keyId } from '#internal/signatures/keys.js'
import { describeVerification } from '#internal/verify/describe-verification.js'
import type { Verification } from '#internal/verify/verify-entry.js'
import { accuracyClaim, latencyClaim, madeUpEntry } from '../support/made-up-entry.js'

const summaryOf = (entry: ZooEntry) =>
  summarizeEntry(entry, new TextEncoder().encode(entry.release), { date: '2026-11-28', signed: false })

describe('a summary', () => {
  it('says what a search needs, the basis beside each number', () => {
    expect(summaryOf(madeUpEntry())).toMatchObject({
      ...{ name: 'me/photos', digest: hashBytes('1.0.0'), entryBytes: 5, licence: 'MIT', sizeBytes: 4, yanked: null },
      accuracy: [{ basis: 'measured', dataset: 'photos', images: 100, precision: null, metrics: { top1: 0.8 } }],
      latency: [{ basis: 'measured', device: 'Pixel 8', soc: 'Tensor G3', ms: 8, precision: 'int8', threads: 1 }],
    })
  })

  it('names the file of each number, and says in one line what the entry is', () => {
    const card = { ...madeUpEntry().card, summary: 'photos\nin six\tclasses\n' }
    expect(summaryOf(madeUpEntry({ card }))).toMatchObject({
      summary: 'photos in six classes',
      accuracy: [{ file: 'weights.safetensors' }],
      latency: [{ file: 'exports/photos-96px-int8.tflite', precision: 'int8' }],
    })
    const published = accuracyClaim({ basis: 'published', source: 'https://example.org', file: null })
    expect(summaryOf(madeUpEntry({ accuracy: [published] })).accuracy[0]!.file).toBeNull()
  })

  it('counts a folder as one export, and weights where there is none', () => {
    const { files } = madeUpEntry()
    const part = (path: string, sizeBytes: number) => ({ path, sizeBytes, sha256: hashBytes(path), role: 'export' as const })
    const tfjs = [part('exports/a.tfjs/model.json', 1), part('exports/a.tfjs/group1.bin', 1)]
    expect(summaryOf(madeUpEntry({ files: [...files, ...tfjs] })).sizeBytes).toBe(2)
    expect(summaryOf(madeUpEntry({ files: files.slice(0, 2), latency: [] })).sizeBytes).toBe(7)
    expect(summaryOf(madeUpEntry({ files: files.slice(0, 1), accuracy: [], latency: [] })).sizeBytes).toBeNull()
  })
})

it('a latency without the operator behind a graph is none to search for, and says so', () => {
  const entry = madeUpEntry({ latency: [latencyClaim({ operator: { name: 'Post', timed: false, photos: 5 } })] })
  expect(summaryOf(entry).latency).toEqual([])
  expect(describeEntry(entry).join()).toContain('without Post')
})

describe('an entry for people', () => {
  it('tells each claim with the command that made it, and what is no hardware', () => {
    const emulated = { ...latencyClaim().device, emulated: true }
    const text = describeEntry(madeUpEntry({ latency: [latencyClaim({ device: emulated })] })).join('\n')
    expect(text).toContain('me/photos@1.0.0: photos in six classes')
    expect(text).toMatch(/measured accuracy of weights\.safetensors on photos \(validation, 100 images\)\n.*\n.*80 of 100 right/)
    expect(text).toContain('mnas evaluate photos --data photos')
    expect(text).toContain('Pixel 8 (emulated: no hardware)')
    expect(text).not.toContain('risks:')
  })
})

it('an entry, a history, a lineage and a verification command no terminal, whatever stands in them', () => {
  const bad = 'a\u001b[2J\u009b1m\u0007\r\u2028b'
  const card = { summary: bad, intendedUse: 'one\ntwo', limits: bad, risks: '' }
  const accuracy = [accuracyClaim({ engine: bad, dataset: { ...accuracyClaim().dataset, name: bad } })]
  const entry = madeUpEntry({ card, accuracy, architectureName: bad })
  const lineage = { steps: [{ name: bad, digest: null, lineage: entry.lineage }], front: null }
  const row = { kind: 'files', claim: bad, expected: bad, got: bad, comparable: true, holds: false } as const
  const verification = { entry: { entry, digest: '' }, rows: [row] } as unknown as Verification
  const history = historyOf('me/photos', [summaryOf(entry)], 'top1')
  const list = describeList([{ zoo: bad, generation: 1, entries: [{ ...summaryOf(entry), yanked: bad }] }])
  const texts = [
    describeEntry(entry),
    describeLineage(lineage),
    describeVerification(verification),
    describeHistory(history, 'top1'),
    list,
  ]
  for (const lines of texts) {
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
    expect(lines.join('\n')).toContain('a\\u{1b}[2J\\u{9b}1m\\u{7}\\u{d}\\u{2028}b')
  }
  expect(describeEntry(entry)).toEqual(expect.arrayContaining(['for: one', '  two']))
})

describe('what others attest', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const entry = madeUpEntry()
  const digest = 'd'.repeat(64)
  const claims = { accuracy: [accuracyClaim({ basis: 'attested', metrics: { top1: 0.79 } })], latency: [] }
  const signed = (of = digest) => signAttestation({ subject: 'me/photos@1.0.0', digest: of, claims }, privateKey)

  it('stands apart, with whose it is and whether he is trusted', () => {
    const trust = [{ pattern: 'me/*', mode: 'warn', key: publicKey }] as const
    const [trusted] = attestedOf(entry, digest, [signed()], trust)
    expect(trusted).toMatchObject({ key: keyId(publicKey), trusted: true, accuracy: [{ basis: 'attested' }] })
    const [unknown] = attestedOf(entry, digest, [signed()], [])
    expect(unknown!.trusted).toBe(false)
    const lines = describeEntry(entry, [unknown!])
    expect(lines).toContain(`signed with the key ${keyId(publicKey).slice(0, 12)}, which nobody here trusts for it:`)
    expect(lines.find((line) => line.startsWith('  attested accuracy'))).toBeDefined()
  })

  it('is of this very entry, or left out', () => {
    const files = [signed('e'.repeat(64)), new TextEncoder().encode('{}'), Uint8Array.of(255)]
    expect(attestedOf(entry, digest, files, [])).toEqual([])
  })
})

describe('a history', () => {
  const published = accuracyClaim({ basis: 'published', source: 'https://example.org', metrics: { top1: 0.9 } })
  const releases = [
    madeUpEntry({ release: '1.10.0', accuracy: [published, accuracyClaim({ metrics: { top1: 0.83 } })] }),
    madeUpEntry({ release: '1.2.0' }),
  ].map(summaryOf)

  it('is in the order of the releases, and mixes nothing', () => {
    const rows = historyOf('me/photos', releases, 'top1')
    expect(rows.map(({ release, basis, value }) => [release, basis, value])).toEqual([
      ['1.2.0', 'measured', 0.8],
      ['1.10.0', 'measured', 0.83],
      ['1.10.0', 'published', 0.9],
    ])
    expect(describeHistory(rows, 'top1')[1]).toMatch(/^1\.2\.0 +measured +0\.8000 +weights +photos, 100 images$/)
    expect(historyOf('me/photos', releases, 'latency')).toHaveLength(2)
  })

  it('of a number that nobody claims names those that somebody does', () => {
    expect(() => historyOf('me/photos', releases, 'toString')).toThrow(
      expect.objectContaining({ code: 'MNAS_ZOO_HISTORY', message: expect.stringContaining('top1, loss, count, latency') }),
    )
  })
})

describe('a lineage', () => {
  const candidate = '0123456789ab'
  const front: RunFront = {
    ...{ version: 1, run: hashBytes('run'), space: 'mnasnet', strategy: 'model', objective: 'hard', targetMs: 5 },
    ...{ trials: 9, trained: 4, seed: 1, device: 'host', metric: 'top1' },
    candidates: [candidate, 'ffffffffffff'].map((id) => ({
      ...{ id, accuracy: 0.7, latencyMs: 4, parameters: 1e6, macs: 2e6, sizeBytes: null },
    })),
  }
  const bytes = new TextEncoder().encode(JSON.stringify(front))
  const frontFile = { path: 'front.json', sha256: hashBytes(bytes), sizeBytes: bytes.length, role: 'front' as const }
  const { run, space, strategy, objective, targetMs, trials, trained, seed } = front
  const search = { run, space, strategy, objective, targetMs, trials, trained, seed, front: frontFile.sha256, candidate }
  const parent = madeUpEntry({ name: 'me/parent' })
  const training = parent.lineage as Extract<ZooEntry['lineage'], { kind: 'training' }>
  const child = madeUpEntry({
    files: [...madeUpEntry().files, frontFile],
    lineage: { ...training, search, parent: { name: 'me/parent', digest: 'a'.repeat(64) } },
  })
  const foundOf = (entry: ZooEntry, digest: string): FoundEntry => ({
    ...{
      reference: entry.name,
      entry,
      digest,
      zoo: 'zoo',
      releases: async () => [],
      attestations: async () => [],
      read: async () => bytes,
    },
  })

  it('goes from the parent to the front, with the candidate marked', async () => {
    const asked: string[] = []
    const find = async (reference: string) => {
      asked.push(reference)
      return foundOf(parent, 'a'.repeat(64))
    }
    const lineage = await lineageOf(foundOf(child, 'b'.repeat(64)), { find })
    expect(asked).toEqual([`zoo:me/parent@sha256:${'a'.repeat(64)}`])
    expect(lineage.steps.map(({ name }) => name)).toEqual(['me/parent@1.0.0', 'me/photos@1.0.0'])
    const lines = describeLineage(lineage)
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      ...['parent', 'training', 'entry', 'training', 'search', 'front', '', '', ''],
    ])
    expect(lines.filter((line) => line.includes('*'))).toHaveLength(2)
    expect(lines.find((line) => line.includes(candidate) && line.startsWith('  *'))).toBeDefined()
  })

  it('goes on without a parent that no zoo knows, and ends with what went wrong otherwise', async () => {
    const unknown = async () => {
      throw catalogueErrors.MNAS_ZOO_ENTRY_UNKNOWN({ reference: 'me/parent', zoos: [], known: [] })
    }
    const { steps } = await lineageOf(foundOf(child, 'b'.repeat(64)), { find: unknown })
    expect(steps[0]).toEqual({ name: 'me/parent', digest: 'a'.repeat(64), lineage: null })
    const broken = async () => {
      throw storeErrors.MNAS_ZOO_MISSING({ location: 'zoo', key: 'x' })
    }
    await expect(lineageOf(foundOf(child, ''), { find: broken })).rejects.toMatchObject({ code: 'MNAS_ZOO_MISSING' })
  })

  it('that leads in a circle ends', async () => {
    const circle = madeUpEntry({ lineage: { ...training, parent: { name: 'me/photos', digest: 'a'.repeat(64) } } })
    const { steps } = await lineageOf(foundOf(circle, ''), { find: async () => foundOf(circle, '') })
    expect(steps).toHaveLength(32)
  })
})
