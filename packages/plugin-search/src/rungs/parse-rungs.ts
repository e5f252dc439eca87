import { searchErrors } from '../errors.js'

/** What `--rungs` says of a rung below the proxy. */
export interface LowerRung {
  readonly epochs: number
  /** Of the images in pixels; absent: as the proxy's. */
  readonly size?: number
}

const mostRungs = 5
const [leastSize, mostSize] = [16, 1024]

/** @param text `1@64,2`: an epoch at 64 px, then two at the proxy's size. @throws MNAS_SEARCH_RUNGS */
export function parseRungs(text: string): readonly LowerRung[] {
  const rungs = text.split(',').map((part): LowerRung | null => {
    const [, epochs, size] = /^\s*(\d{1,6})(?:@(\d{1,5}))?\s*$/.exec(part) ?? []
    if (epochs === undefined || Number(epochs) < 1) return null
    if (size === undefined) return { epochs: Number(epochs) }
    return Number(size) < leastSize || Number(size) > mostSize ? null : { epochs: Number(epochs), size: Number(size) }
  })
  const known = rungs.filter((rung) => rung !== null)
  if (known.length < rungs.length || known.length > mostRungs) throw searchErrors.MNAS_SEARCH_RUNGS({ received: text })
  return known
}
