export { detectionErrors } from './errors.js'
