import { jsonText } from '@mnas/core/files'
import { z } from 'zod'
import { entryPath } from '../../entry/paths.js'
import { oneLine } from '../../entry/texts.js'

/** Where an entry keeps its golden answers. */
export const goldenPath = 'golden.json'

const goldenOutput = z.strictObject({
  /** What one level of an 8-bit answer stands for; null: the answer is a float. */
  step: z.number().positive().nullable(),
  /** Of how many numbers an answer is. */
  length: z.int().min(1),
  /** By picture: the answer, or of a long one so many of its numbers, evenly spread. */
  values: z.array(z.array(z.number())).max(64),
})

const goldenModel = z.strictObject({
  /** In the entry: of the weights, of a file, or of a folder that is one export. */
  path: entryPath,
  format: oneLine(60),
  precision: oneLine(60).nullable(),
  /** By output of the deployed graph. */
  outputs: z.record(oneLine(120), goldenOutput),
})

/** golden.json: what the weights and every export say of the pictures that mnas draws. */
export const goldenSchema = z.strictObject({
  version: z.literal(1),
  /** Which pictures: the version of the drawing. */
  pictures: z.int().min(1),
  models: z.array(goldenModel).max(64),
})
export type Golden = Readonly<z.infer<typeof goldenSchema>>
export type GoldenModel = Golden['models'][number]
export type GoldenOutput = z.infer<typeof goldenOutput>

/** The bytes of the file: compact, and the same for the same answers. */
export const goldenText = (golden: Golden): string => jsonText(golden, 0)
