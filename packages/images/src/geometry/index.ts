export { type Box, type ChooseBox, centreBox, wholeImage } from './box.js'
export { type Orientation, turnPixels, turnSize } from './orientation.js'
export { cropFrame, type Kept, keptBox, keptMiddle, keptOf, maxAspect, storageSize, storedSize } from './stored-form.js'
