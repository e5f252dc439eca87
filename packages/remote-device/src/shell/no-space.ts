import { stat } from 'node:fs/promises'
import { remoteErrors } from '../errors.js'
import type { RemoteShell } from './remote-shell.js'
import { runSealed } from './run-sealed.js'

export interface FullDevice {
  readonly shell: RemoteShell
  /** The file that did not fit. */
  readonly local: string
  /** The folder there. */
  readonly place: string
  /** Shell that prints what is free, as `df -k` does. */
  readonly free: string
  /** Shell that prints what our files take, as `du -sk` does. */
  readonly ours: string
  /** For people: what removes them. */
  readonly remove: string
  readonly signal: AbortSignal
}

const limitMs = 10_000

/** What a system says of a disk that is full, or of a user who may not fill it further. */
export const saysNoSpace = (said: string): boolean => /no space left|disk quota exceeded/i.test(said)

/** MNAS_REMOTE_SPACE, with what is needed, what is free and what of it is ours, as far as the device says. */
export async function noSpace({ shell, local, place, free, ours, remove, signal }: FullDevice): Promise<Error> {
  const kilobytes = async (command: string, pattern: RegExp): Promise<string> => {
    const { stdout } = await runSealed(shell, `${command} 2>/dev/null`, { limitMs, signal })
    const found = pattern.exec(stdout)?.[1]
    return found === undefined ? 'unknown' : megabytes(1024 * Number(found))
  }
  return remoteErrors.MNAS_REMOTE_SPACE({
    device: shell.name,
    file: local,
    place,
    needed: megabytes((await stat(local)).size),
    // The fourth column of the last line: available kilobytes.
    free: await kilobytes(free, /^\S+\s+\d+\s+\d+\s+(\d+)\s/m),
    ours: await kilobytes(ours, /^(\d+)/),
    remove,
  })
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`
