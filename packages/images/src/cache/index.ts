export type { ImageFolder } from './prepare-pixel-cache.js'
