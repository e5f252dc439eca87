import { z } from 'zod'
import { sha256 } from './claims.js'
import { entryName } from './names.js'
import { address, oneLine } from './texts.js'

/** Another entry that the weights began with: its name, and the digest of its entry.json where it is known. */
const parent = z.strictObject({ name: z.union([entryName, oneLine(200).regex(/^hf:/)]), digest: sha256.nullable() }).nullable()

/** Where an entry comes from. */
export const lineage = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('training'),
    /** Hash of the job: the training's identity. */
    job: sha256,
    recipe: oneLine(200),
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
        space: oneLine(60),
        strategy: oneLine(60),
        objective: oneLine(60),
        targetMs: z.number().positive().nullable(),
        trials: z.int().min(0),
        trained: z.int().min(0),
        seed: z.int(),
        /** The file with the role `front`, by its hash. */
        front: sha256,
        /** Which network of the front it is. */
        candidate: oneLine(60),
      })
      .nullable(),
  }),
  z.strictObject({
    kind: z.literal('imported'),
    from: oneLine(60),
    file: oneLine(200),
    sha256,
    url: address.nullable(),
    parent,
  }),
  /** An architecture from a paper, without weights. */
  z.strictObject({
    kind: z.literal('published'),
    paper: oneLine(2000).min(1),
    url: address,
    table: oneLine(120),
  }),
])
export type Lineage = Readonly<z.infer<typeof lineage>>
