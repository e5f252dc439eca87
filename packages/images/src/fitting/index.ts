export { cutSquare } from './cut-square.js'
export { fitPicture } from './fit-picture.js'
export { frameOf, type Placing, placingOf } from './placing.js'
export { readPicture } from './read-picture.js'
