import { count } from './numbers.js'

/** What a network costs, whatever runs it. */
export const parameters = count.describe('numbers that training learns, so without the statistics of batch norms')
export const macs = count.describe('multiply-adds of one image')
export const peakMemoryBytes = count.describe('the most that float32 activations need at once, in bytes')
