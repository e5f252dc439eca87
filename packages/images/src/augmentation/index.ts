export { type ColorJitter, colorJitterSchema, jitterColors } from './color-jitter.js'
export { type Crop, cropSchema, randomBox } from './crop.js'
export { type RandAugment, randAugment, randAugmentSchema } from './rand-augment.js'
