/** Writes docs/json.md: `npm run docs:json`, after a build. */
import { writeFileSync } from 'node:fs'
import { jsonPage, jsonReference } from './json-reference.mjs'

writeFileSync(jsonPage, await jsonReference())
