import { readFileSync } from 'node:fs'
import { Resampler } from './resampler.js'

/** This thread's resampler: its kernel comes from the file that `npm run build` writes. */
export const resampler = load()

function load(): Resampler {
  const file = new URL('../kernel.wasm', import.meta.url)
  try {
    return new Resampler(readFileSync(file))
  } catch (error) {
    // V8 sets aside gigabytes of addresses for any WebAssembly memory.
    if (error instanceof RangeError) throw new Error('WebAssembly finds too few addresses. Raise ulimit -v', { cause: error })
    throw new Error(`${file.pathname} is missing or damaged. Run npm run build`, { cause: error })
  }
}
