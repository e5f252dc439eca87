export { type Architecture, architectureSchema, type Block, blockSchema } from './architecture.js'
