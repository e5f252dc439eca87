import { z } from 'zod'
import { address, oneLine } from './texts.js'

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 in 64 lower-case hexadecimal digits')
const line = oneLine(2000).min(1)
const milliseconds = z.number().positive()

/**
 * Who says so: `measured` here by mnas, with the command that did it; `published` elsewhere, with the source; `attested` by somebody else who
 * measured it again. The three are never mixed.
 */
const said = {
  basis: z.enum(['measured', 'published', 'attested']),
  source: address.optional(),
  command: line.optional(),
  mnas: oneLine(60).optional(),
  date: z.iso.date(),
}

interface Said {
  readonly basis: 'measured' | 'published' | 'attested'
  readonly source?: string | undefined
  readonly command?: string | undefined
  readonly mnas?: string | undefined
}

const isBacked = ({ basis, source, command, mnas }: Said) =>
  basis === 'published' ? source !== undefined : command !== undefined && mnas !== undefined
const backed = { message: 'published: its source; measured or attested: the command and the version of mnas', path: ['basis'] }

const metrics = z.record(oneLine(60), z.number())

/** How good a file is on a data set. Metrics are fractions 0–1, losses and counts, by the task's names. */
export const accuracyClaim = z
  .strictObject({
    ...said,
    /** Of which file, by its hash; null for one that is published of the architecture and has no file here. */
    file: sha256.nullable(),
    dataset: z.strictObject({
      name: line,
      split: oneLine(60).min(1),
      /** Of exactly these images and answers; a measured claim has one. */
      fingerprint: sha256.nullable(),
      images: z.int().min(1),
    }),
    metrics,
    /** Right answers among the images where the task counts them. */
    right: z.int().min(0).nullable(),
    seeds: z.array(z.strictObject({ seed: z.int(), metrics })).max(100),
    /** Of the task's first metric, from the number of images. */
    interval95: z.tuple([z.number(), z.number()]).nullable(),
    /** How pixels were read: `exact`, or as the source had it. */
    decoder: oneLine(60),
    engine: oneLine(120),
  })
  .refine(isBacked, backed)
  .refine(({ basis, dataset }) => basis !== 'measured' || dataset.fingerprint !== null, {
    message: 'measured: the fingerprint of the data',
    path: ['dataset', 'fingerprint'],
  })

/** How long a file takes on a device. */
export const latencyClaim = z
  .strictObject({
    ...said,
    file: sha256.nullable(),
    device: z.strictObject({
      kind: oneLine(60),
      vendor: oneLine(120).nullable(),
      model: line,
      soc: oneLine(120).nullable(),
      os: oneLine(120).nullable(),
      /** Of what decides how fast it is; null where a source does not say. */
      fingerprint: sha256.nullable(),
      /** An emulator's latency says little of a phone's, and says so for ever. */
      emulated: z.boolean(),
    }),
    runtime: z.strictObject({ name: oneLine(120), version: oneLine(120), sha256: sha256.nullable() }),
    accelerator: oneLine(60),
    threads: z.int().min(1),
    flags: z.record(oneLine(60), z.json()),
    ms: z.strictObject({
      p50: milliseconds,
      p90: milliseconds.nullable(),
      p99: milliseconds.nullable(),
      min: milliseconds.nullable(),
    }),
    /** Between processes: (p90 − p10) / p50 of their medians. */
    spread: z.number().min(0).nullable(),
    runs: z.int().min(1).nullable(),
    processes: z.int().min(1).nullable(),
    thermal: z.json().nullable(),
    /** Of a file that ends in an operator behind its graph, whose time depends on what the model says. Absent: it ends in none. */
    operator: z
      .strictObject({
        name: oneLine(120),
        /** The time holds it; else the file was timed without. */
        timed: z.boolean(),
        photos: z.int().min(0),
      })
      .optional(),
  })
  .refine(isBacked, backed)

export type AccuracyClaim = Readonly<z.infer<typeof accuracyClaim>>
export type LatencyClaim = Readonly<z.infer<typeof latencyClaim>>
