import { z } from 'zod'
import { count, milliseconds } from '../numbers.js'

export const processTiming = z
  .strictObject({
    count: count.describe('timed runs'),
    medianMs: milliseconds.nullable().describe('in ms; `null` where a tool does not tell it'),
    meanMs: milliseconds.describe('in ms'),
    minMs: milliseconds.describe('the fastest run, in ms'),
    maxMs: milliseconds.describe('the slowest run, in ms'),
    stdMs: z.number().min(0).describe('standard deviation of the runs, in ms'),
    samplesMs: z.array(milliseconds).optional().describe('of each run in ms, where the device gives them'),
    initMs: milliseconds.optional().describe('getting the model ready, in ms, where it is known'),
    firstMs: milliseconds.optional().describe('the first inference, in ms, where it is known'),
    peakBytes: count.optional().describe('the most memory that the process held, where it is known'),
  })
  .meta({ id: 'ProcessTiming', description: 'The runs of one process of a measurement.' })
