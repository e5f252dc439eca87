export { type Box, type ChooseBox, centreBox, type Size, wholeImage } from './box.js'
export { type Orientation, turnBox, turnPixels, turnSize } from './orientation.js'
export { keptMiddle, maxAspect, storageSize, storedSize } from './stored-form.js'
