import { z } from 'zod'
import { sha256 } from '../entry/claims.js'
import { entryName, entryRelease } from '../entry/names.js'

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
const basis = z.enum(['measured', 'published', 'attested'])
export const entrySummary = z.strictObject({
  name: entryName,
  release: entryRelease,
  /** sha256 of its entry.json. */
  digest: sha256,
  entryBytes: z.int().min(1),
  date: z.iso.date(),
  /** Withdrawn, and why: still there for who has it by its digest. */
  yanked: z.string().max(500).nullable(),
  signed: z.boolean(),
  task: z.string(),
  architectureName: z.string(),
  summary: z.string(),
  licence: z.string(),
  inputSize: z.int(),
  classes: z.int().nullable(),
  parameters: z.int(),
  multiplyAdds: z.int(),
  /** Of the smallest export, or else of the weights; null without either. */
  sizeBytes: z.int().nullable(),
  /** Metric by metric, one row per claim. */
  accuracy: z.array(
    z.strictObject({
      basis,
      dataset: z.string(),
      images: z.int(),
      precision: z.string().nullable(),
      metrics: z.record(z.string(), z.number()),
    }),
  ),
  latency: z.array(
    z.strictObject({
      basis,
      device: z.string(),
      soc: z.string().nullable(),
      emulated: z.boolean(),
      accelerator: z.string(),
      threads: z.int(),
      precision: z.string().nullable(),
      ms: z.number(),
    }),
  ),
})
export type EntrySummary = Readonly<z.infer<typeof entrySummary>>

export const shardSchema = z.strictObject({ version: z.literal(1), entries: z.array(entrySummary) })
export type Shard = Readonly<z.infer<typeof shardSchema>>
