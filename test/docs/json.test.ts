import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { jsonPage, jsonReference } from '../../scripts/json-reference.mjs'

describe('docs/json.md', () => {
  it('is what "npm run docs:json" writes, which refuses a field without a meaning', async () => {
    expect(readFileSync(jsonPage, 'utf8')).toBe(await jsonReference())
  })
})
