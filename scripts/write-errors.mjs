/** Writes docs/errors.md: `npm run docs:errors`, after a build. */
import { writeFileSync } from 'node:fs'
import { exitCodes } from '@mnas/core/errors'
import { errorPage, errorReference } from './error-reference.mjs'

writeFileSync(errorPage, await errorReference(exitCodes))
