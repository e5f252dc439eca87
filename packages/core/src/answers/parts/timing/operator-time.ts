import { z } from 'zod'
import { count, milliseconds } from '../numbers.js'

/** Of a file that ends in an operator behind its graph. */
export const operatorTime = z
  .strictObject({
    operator: z.string().describe('as runtimes call it'),
    latencyMs: milliseconds
      .nullable()
      .describe(
        'of the file with it, on photos, on the device; `null` where that was not measured: `latencyMs` beside this is then without it',
      ),
    withoutMs: milliseconds.describe('of the same file without it, on the device'),
    costMs: z
      .number()
      .nullable()
      .describe(
        'what it takes: the mean over the photos of the difference of their quickest runs; a little below 0 is noise; `null`: not measured',
      ),
    largestMs: z.number().nullable().describe('the same of the photo on which it takes most'),
    photos: count.describe('so many, spread over those that the file was compared on'),
    timedOn: z
      .literal(['device', 'computer', 'nothing'])
      .describe(
        'where its cost was measured: `computer`: on this one, because the device takes no photos; never on drawn inputs',
      ),
    reason: z.string().nullable().describe('why not on the device'),
  })
  .meta({
    id: 'OperatorTime',
    description:
      'What an operator behind a graph costs. It depends on what the model says, so it is timed on photos, or not at all.',
  })
