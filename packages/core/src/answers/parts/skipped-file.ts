import { z } from 'zod'

export const skippedFile = z
  .strictObject({
    file: z.string().describe('path inside the folder of images'),
    reason: z.string().describe('in words'),
  })
  .meta({ id: 'SkippedFile', description: 'A file among the images that could not be used.' })
