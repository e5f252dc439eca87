import { z } from 'zod'
import { sha256, text } from './claims.js'
import { entryName } from './names.js'

/** Another entry that the weights began with: its name, and the digest of its entry.json where it is known. */
const parent = z
  .strictObject({ name: z.union([entryName, z.string().regex(/^hf:/).max(200)]), digest: sha256.nullable() })
  .nullable()

/** Where an entry comes from. */
export const lineage = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('training'),
    /** Hash of the job: the training's identity. */
    job: sha256,
    recipe: z.string().max(200),
    seed: z.int(),
    epochs: z.int().min(0),
    /** Fingerprint of the images that it learned from. */
    data: sha256,
    parent,
    /** The search that found the network, where one did. */
    search: z
      .strictObject({
        /** Identity of the run. */
        run: sha256,
        space: z.string().max(60),
        strategy: z.string().max(60),
        objective: z.string().max(60),
        targetMs: z.number().positive().nullable(),
        trials: z.int().min(0),
        trained: z.int().min(0),
        seed: z.int(),
        /** The file with the role `front`, by its hash. */
        front: sha256,
        /** Which network of the front it is. */
        candidate: z.string().max(60),
      })
      .nullable(),
  }),
  z.strictObject({
    kind: z.literal('imported'),
    from: z.string().max(60),
    file: z.string().max(200),
    sha256,
    url: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .nullable(),
    parent,
  }),
  /** An architecture from a paper, without weights. */
  z.strictObject({
    kind: z.literal('published'),
    paper: text,
    url: z.url({ protocol: /^https?$/ }).max(500),
    table: z.string().max(120),
  }),
])
export type Lineage = Readonly<z.infer<typeof lineage>>
