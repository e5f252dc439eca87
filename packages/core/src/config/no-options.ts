import { z } from 'zod'
import type { JsonObject, Schema } from '../contracts/index.js'

/** The schema of whatever takes no options: `{}`. */
export const noOptions: Schema<JsonObject> = z.strictObject({})
