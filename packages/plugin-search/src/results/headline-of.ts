import type { Headline, JsonObject } from '@mnas/core/contracts'
import { z } from 'zod'
import { searchErrors } from '../errors.js'
import { runFilePath } from '../run/run-file.js'

const schema = z.strictObject({ name: z.string(), label: z.string(), percent: z.boolean() })

/** What a run learns of its candidates, and how that is shown. @throws MNAS_RUN_CORRUPT */
export function headlineOf(folder: string, settings: JsonObject): Headline {
  const result = schema.safeParse(settings['headline'])
  if (result.success) return result.data
  throw searchErrors.MNAS_RUN_CORRUPT({ path: runFilePath(folder), reason: 'it does not say what was learned' })
}
