import { z } from 'zod'
import { sha256 } from '../entry/claims.js'
import { entryName, entryRelease } from '../entry/names.js'
import { entryPath } from '../entry/paths.js'
import { oneLine, text } from '../entry/texts.js'

/** Limits before the first byte. */
export const catalogueLimits = { zooBytes: 2 ** 20, shardBytes: 16 * 2 ** 20 } as const

/** The one file of a zoo that changes: which shards are the newest. Its signature lies beside it. */
export const zooSchema = z.strictObject({
  version: z.literal(1),
  /** Grows by one with each change and never goes back. */
  generation: z.int().min(1),
  entries: z.int().min(0),
  /** By the first two digits of sha256(name): the shard's own hash and size, as it is stored (gzip). */
  shards: z.record(z.string().regex(/^[0-9a-f]{2}$/), z.strictObject({ sha256, sizeBytes: z.int().min(1) })),
})
export type ZooFile = Readonly<z.infer<typeof zooSchema>>

/** What a search needs to know of an entry; the basis of a number always stands beside it. */
const basis = z
  .enum(['measured', 'published', 'attested'])
  .describe('who says so: measured by mnas, published elsewhere, or measured again by somebody else')
/** As long as an entry's may be. */
const line = oneLine(2000)
const file = entryPath
  .nullable()
  .optional()
  .describe('path of the file that it is of; `null`: of none of the entry; absent where an earlier mnas wrote it')
const precision = line.nullable().describe('of the file that it is of; `null`: of the weights, or nobody says')

export const accuracySummary = z.strictObject({
  basis,
  dataset: line.describe('what the images are called'),
  images: z.int().describe('how many'),
  file,
  precision,
  metrics: z.record(line, z.number()).describe("fractions 0–1, losses and counts, by the task's names"),
})
export const latencySummary = z.strictObject({
  basis,
  device: line.describe('its model'),
  soc: line.nullable().describe('its chip; `null`: nobody says'),
  emulated: z.boolean().describe("an emulator's says little of a phone's"),
  accelerator: line.describe('what computed'),
  threads: z.int().describe('of the runtime'),
  file,
  precision,
  ms: z.number().describe('the median of one inference, in milliseconds'),
})
export const entrySummary = z.strictObject({
  name: entryName.describe('`OWNER/NAME`'),
  release: entryRelease.describe('a version'),
  digest: sha256.describe('sha256 of its `entry.json`'),
  entryBytes: z.int().min(1).describe('size of its `entry.json`'),
  date: z.iso.date().describe('of its publication'),
  yanked: text(500).nullable().describe('why it was withdrawn; `null`: it was not'),
  signed: z.boolean().describe('there is a signature'),
  task: line.describe('what it does'),
  architectureName: line.describe('its network, for people'),
  summary: text(2000).describe('a sentence about it'),
  licence: line.describe('of the weights, as SPDX says it'),
  inputSize: z.int().describe('side of the input in pixels'),
  classes: z.int().nullable().describe('`null`: it has none'),
  parameters: z.int().describe('numbers that training learns'),
  multiplyAdds: z.int().describe('of one image'),
  sizeBytes: z.int().nullable().describe('of the smallest export, or else of the weights; `null`: it has neither'),
  accuracy: z.array(accuracySummary).describe('a row for each claim'),
  latency: z.array(latencySummary).describe('a row for each claim'),
})
export type EntrySummary = Readonly<z.infer<typeof entrySummary>>

export const shardSchema = z.strictObject({ version: z.literal(1), entries: z.array(entrySummary) })
export type Shard = Readonly<z.infer<typeof shardSchema>>
