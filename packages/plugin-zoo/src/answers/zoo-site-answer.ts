import { type AnswerOf, version } from '@mnas/core/answers'
import { z } from 'zod'

export const zooSiteAnswer = z.strictObject({
  version,
  site: z.string().describe('the folder, which any web server can serve'),
  zoo: z.string().describe('of which it is a copy'),
  entries: z.int().min(0).describe('releases'),
  files: z.int().min(0).describe('of all entries, each once'),
  copiedBytes: z.int().min(0).describe('of them that were copied now; what lay there already does not count'),
})
export type ZooSiteAnswer = AnswerOf<typeof zooSiteAnswer>
