import { join } from 'node:path'
import type { Surroundings } from '../../contracts/index.js'
import { hashJson } from '../../files/index.js'
import { signLock, tellHolder, whileLocked } from '../../storage/index.js'

/** Work that has a device to itself for as long as it takes. @throws the signal's reason, MNAS_FILE_WRITE and what the work throws */
export type DeviceTurn = <T>(work: () => Promise<T>) => Promise<T>

/**
 * Turns on a device that is not this computer, among all processes with this cache folder: two timings at once would share its cores and its files.
 * Each piece of work is a turn, so that a search of days lets others have theirs; whoever waits is told for whom. The kernel frees a device whose
 * user dies, `kill -9` included. Work inside work would wait for itself.
 * @param device as behind `--device`; one that goes by two names is two
 */
export function deviceTurns(device: string, { cacheFolder, signal, warn }: Surroundings): DeviceTurn {
  // Such folders are sent around: the serial stays out of the name.
  const path = join(cacheFolder, 'device-turns', `${hashJson(device).slice(0, 16)}.db`)
  const onWait = tellHolder(path, (holder) => warn(`Waiting for "${device}": ${holder} is using it.`))
  return (work) =>
    whileLocked(
      path,
      () => {
        signLock(path)
        return work()
      },
      { signal, onWait, patienceMs: 0 },
    )
}
