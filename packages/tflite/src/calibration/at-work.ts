import type { Calibration } from '@mnas/core/contracts'

export type Working = Pick<Calibration, 'whileWorking'>

/** A piece of the arithmetic of a calibration, as short as one file or a few images: a timing on this computer waits for it. */
export async function atWork<T>({ whileWorking }: Working, piece: () => T): Promise<T> {
  return whileWorking ? whileWorking(async () => piece()) : piece()
}
