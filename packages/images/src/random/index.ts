export { batchRandom, epochOrder, exampleRandom, type Random, shuffled, uniform, uniformUpTo } from './random.js'
