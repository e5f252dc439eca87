import { z } from 'zod'
import { count } from './numbers.js'

const affine = z
  .strictObject({
    scale: z.array(z.number()).describe('one, or one for each channel'),
    zeroPoint: z.array(z.int()).describe('as many'),
    axis: count.nullable().describe('along which there is a scale for each channel; `null`: one for all'),
  })
  .describe('scale · (stored − zeroPoint)')

export const fileTensor = z
  .strictObject({
    name: z.string().describe('of the signature'),
    shape: z.array(z.int()).describe('the batch in front; −1: any'),
    dtype: z.string().describe('as it is stored'),
    affine: affine.nullable().describe('what stored numbers stand for; `null`: they stand for themselves'),
  })
  .meta({ id: 'FileTensor', description: 'What a model file takes or gives.' })
