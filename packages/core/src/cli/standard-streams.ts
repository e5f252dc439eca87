import type { Writable } from 'node:stream'

/** The reader has gone (`| head`), or the terminal has. */
const gone: readonly string[] = ['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED']

/** A command goes on to its end when nobody reads what it writes any more. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!gone.includes(error.code ?? '')) throw error
    })
}

/** Resolves when what was written so far has arrived, or nobody is there to get it. */
export function written(stream: Writable): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()))
}
