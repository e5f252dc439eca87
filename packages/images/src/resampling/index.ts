export { resampler } from './node-resampler.js'
export { renderView, type View } from './render-view.js'
export { resampleInBands } from './resample-in-bands.js'
export { Resampler, type Scaling } from './resampler.js'
