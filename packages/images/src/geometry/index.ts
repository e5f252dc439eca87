export { type Box, type ChooseBox, centreBox, wholeImage } from './box.js'
export { type Orientation, turnBox, turnPixels, turnSize } from './orientation.js'
export { cropFrame, keptMiddle, maxAspect, storageSize, storedSize } from './stored-form.js'
