import { z } from 'zod'

export const chart = z
  .strictObject({
    name: z.string().describe("`training`, the curves of a training, or one of the task's pictures of an evaluation"),
    theme: z.literal(['light', 'dark']).describe('every picture is drawn in both'),
    file: z.string().endsWith('.svg').describe('path of the SVG'),
  })
  .meta({ id: 'Chart', description: 'A picture on disk.' })
