import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseReference } from '#internal/reference/parse-reference.js'
import { chooseRelease } from '#internal/zoos/resolve-entry.js'
import { madeUpPublication } from '../support/made-up-publication.js'

const digest = 'ab'.repeat(32)

describe('a reference', () => {
  it.each([
    ['me/photos', { kind: 'zoo', name: 'me/photos', release: null, digest: null }],
    ['zoo:me/photos@1.2', { kind: 'zoo', name: 'me/photos', release: '1.2', digest: null }],
    ['me/photos@1.0.0-rc.1', { kind: 'zoo', name: 'me/photos', release: '1.0.0-rc.1', digest: null }],
    [`me/photos@sha256:${digest}`, { kind: 'zoo', name: 'me/photos', release: null, digest }],
    ['hf:timm/mnasnet_100.rmsp_in1k@main', { kind: 'hf', repo: 'timm/mnasnet_100.rmsp_in1k', revision: 'main' }],
    [
      'https://example.org/a/zoo/entries/me/photos/1.0.0/entry.json',
      { kind: 'zoo', name: 'me/photos', release: '1.0.0', digest: null, location: 'https://example.org/a/zoo' },
    ],
  ])('%s', (text, expected) => {
    expect(parseReference(text)).toEqual(expected)
  })

  it.each([
    '',
    'photos',
    '../photos',
    'me/../x',
    'Me/Photos',
    'me/photos@',
    'me/photos@latest',
    'me/photos@sha256:ab',
    'con/x:y',
    'https://example.org/zoo',
  ])('"%s" is none', (text) => {
    expect(parseReference(text)).toBeNull()
  })

  it('is read or is none, whatever is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(() => parseReference(text)).not.toThrow()
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a release that is meant', () => {
  const releases = ['1.0.0', '1.2.0', '1.2.3', '1.10.0', '2.0.0-rc.1', '3.0.0'].map((release) => ({
    ...madeUpPublication({ release }).summary,
    yanked: release === '3.0.0' ? 'wrong labels' : null,
  }))
  const chosen = (release: string | null, of = releases) => chooseRelease(of, { release, digest: null })?.release ?? null

  it.each([
    [null, '1.10.0'],
    ['1', '1.10.0'],
    ['1.2', '1.2.3'],
    ['1.2.0', '1.2.0'],
    ['2', null],
    ['2.0.0-rc.1', '2.0.0-rc.1'],
    // Withdrawn: only by its whole name.
    ['3', null],
    ['3.0.0', '3.0.0'],
    ['4', null],
  ])('%s is %s', (release, expected) => {
    expect(chosen(release)).toBe(expected)
  })

  it('is one that is not final where there is no other', () => {
    expect(chosen(null, [releases[4]!])).toBe('2.0.0-rc.1')
  })

  it('is found by its digest, withdrawn or not', () => {
    expect(chooseRelease(releases, { release: null, digest: releases[5]!.digest })?.release).toBe('3.0.0')
    expect(chooseRelease(releases, { release: null, digest })).toBeNull()
  })
})
