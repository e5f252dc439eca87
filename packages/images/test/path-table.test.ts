import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packPaths, selectPaths } from '#internal/listing/path-table.js'
import { pathsOf } from './support/paths-of.js'

describe('a table of paths', () => {
  const anyPaths = fc.array(fc.string({ unit: 'grapheme' }))

  it('gives back what was put in', () => {
    fc.assert(
      fc.property(anyPaths, (paths) => {
        expect(pathsOf(packPaths(paths))).toEqual(paths)
      }),
    )
    const many = Array.from({ length: 5000 }, (_, index) => `${index}/${'ä𝒳'.repeat(index % 40)}`)
    expect(pathsOf(packPaths(many))).toEqual(many)
  })

  it('gives a selection in its order', () => {
    const cases = anyPaths.chain((paths) =>
      fc.tuple(fc.constant(paths), fc.array(fc.nat(Math.max(0, paths.length - 1)), { maxLength: paths.length })),
    )
    fc.assert(
      fc.property(cases, ([paths, indices]) => {
        const selected = selectPaths(packPaths(paths), Uint32Array.from(indices))
        expect(pathsOf(selected)).toEqual(indices.map((index) => paths[index]))
      }),
    )
  })

  it('is shared with threads', () => {
    const { bytes, ends } = packPaths(['cat/1.jpg'])
    for (const { buffer } of [bytes, ends]) expect(buffer).toBeInstanceOf(SharedArrayBuffer)
  })
})
