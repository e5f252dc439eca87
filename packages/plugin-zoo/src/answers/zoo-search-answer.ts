import { type AnswerOf, count, version } from '@mnas/core/answers'
import { z } from 'zod'
import { accuracySummary, latencySummary } from '../catalogue/catalogue-schema.js'
import { zooSummary } from './zoo-list-answer.js'

const row = z
  .strictObject({
    zoo: z.string().describe('where it lies'),
    entry: zooSummary.describe('what the list says of it'),
    accuracy: accuracySummary
      .nullable()
      .describe(
        'the claim that was looked at, with its basis; of the file that was timed where that was judged, else of the weights',
      ),
    latency: latencySummary
      .nullable()
      .describe('of the device that was asked for, measured and never estimated; `null`: none was asked for'),
  })
  .meta({ id: 'ZooSearchRow', description: 'A release with one claim of accuracy and one of latency.' })

const device = z.strictObject({
  device: z.string().describe('its model'),
  soc: z.string().nullable().describe('its chip; `null`: nobody says'),
  emulated: z.boolean().describe('an emulator'),
  entries: count.describe('releases with a latency of it'),
})

export const zooSearchAnswer = z.strictObject({
  version,
  found: count.describe('rows in all'),
  rows: z
    .array(row)
    .describe('the first of them, as many as --limit says; numbers of one basis stand together, measured ones first'),
  devices: z.array(device).describe('with `--like`, or when nothing fits --device: devices that were measured'),
})
export type ZooSearchAnswer = AnswerOf<typeof zooSearchAnswer>
