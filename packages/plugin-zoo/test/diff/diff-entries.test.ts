import { hashBytes } from '@mnas/core/files'
import { describe, expect, it } from 'vitest'
import { describeDiff } from '#internal/diff/describe-diff.js'
import { diffEntries } from '#internal/diff/diff-entries.js'
import { accuracyClaim, latencyClaim, madeUpEntry } from '../support/made-up-entry.js'

const a = madeUpEntry()

describe('two entries', () => {
  it('that say the same differ in nothing', () => {
    expect(diffEntries(a, { ...a, accuracy: [], latency: [] })).toMatchObject({ fields: [], files: [] })
    const same = { fields: [], accuracy: [], latency: [], files: [] }
    expect(describeDiff(same, [])).toEqual(['They say the same.'])
  })

  it('differ in fields and files', () => {
    const files = [...a.files.slice(1), { ...a.files[0]!, path: 'golden.json', role: 'golden' as const }]
    const { fields, files: changed } = diffEntries(a, madeUpEntry({ release: '1.1.0', classes: null, files }))
    expect(fields).toEqual([
      { field: 'release', a: '1.0.0', b: '1.1.0' },
      { field: 'classes', a: '6', b: null },
    ])
    expect(changed).toEqual([
      { path: 'model.json', change: 'removed', a: 5, b: null },
      { path: 'golden.json', change: 'added', a: null, b: 5 },
    ])
  })

  it('have numbers side by side on the same images, device, runtime and flags alone', () => {
    const b = madeUpEntry({
      accuracy: [accuracyClaim({ metrics: { top1: 0.85 } })],
      latency: [latencyClaim({ ms: { ...latencyClaim().ms, p50: 6 } }), latencyClaim({ threads: 4 })],
    })
    const { accuracy, latency } = diffEntries(a, b)
    expect(accuracy).toMatchObject([
      { basis: 'measured', of: 'weights', metric: 'top1', a: 0.8, b: 0.85 },
      { metric: 'loss', a: 0.7, b: null },
    ])
    expect(latency).toMatchObject([
      { of: 'tflite int8', a: 8, b: 6 },
      { on: 'Pixel 8, litert 2.3.0, cpu, 4 threads', a: null, b: 8 },
    ])
    const lines = describeDiff(diffEntries(a, b), [])
    expect(lines.find((line) => line.includes('top1'))).toMatch(/0\.8000 +0\.8500 +\+0\.0500/)
    expect(lines.find((line) => line.includes('4 threads'))).toContain('not comparable')
  })

  it('never have what is measured beside what is published, nor numbers of other images', () => {
    const source = 'https://example.org/paper'
    const published = accuracyClaim({ basis: 'published', source, command: undefined })
    const others = accuracyClaim({ dataset: { ...accuracyClaim().dataset, fingerprint: hashBytes('others') } })
    for (const claim of [published, others]) {
      const { accuracy } = diffEntries(a, madeUpEntry({ accuracy: [claim] }))
      expect(accuracy.every((row) => row.a === null || row.b === null)).toBe(true)
      expect(accuracy).toHaveLength(4)
    }
  })
})
