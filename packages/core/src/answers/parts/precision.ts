import { z } from 'zod'
import type { Precision } from '../../contracts/index.js'

const precisions = ['float32', 'float16', 'weights', 'dynamic', 'int8'] as const satisfies readonly Precision[]

export const precision = z.literal(precisions)
