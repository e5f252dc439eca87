export { imagesErrors } from './errors.js'
