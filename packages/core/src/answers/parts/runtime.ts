import { z } from 'zod'
import { hash } from './hash.js'

export const runtime = z
  .strictObject({
    name: z.string().describe('e.g. `litert`'),
    version: z.string().describe('as the library tells it'),
    sha256: hash.describe('of the library or wasm that runs the model'),
  })
  .meta({ id: 'Runtime', description: 'What runs a model file.' })
