import type { DeviceStream } from './device-stream.js'

export interface FileStat {
  readonly mode: number
  readonly size: number
  /** Seconds since 1970. */
  readonly changed: number
}

/** The phone's files, as `adb push` and `adb pull` see them. */
export interface SyncFiles {
  /** null: there is none. */
  stat(path: string): FileStat | null
  read(path: string): Buffer
  list(path: string): readonly (FileStat & { readonly name: string })[]
  /** @throws what the client is told */
  write(path: string, mode: number, changed: number, data: Buffer): void
}

const headerBytes = 8
const pieceBytes = 65536

interface Incoming {
  readonly path: string
  readonly mode: number
  readonly pieces: Buffer[]
}

/** Version 1 of the protocol `sync:`. Each request: four letters, four bytes of length or time, and so many bytes. */
export function serveSync(stream: DeviceStream, files: SyncFiles): void {
  let rest = Buffer.alloc(0)
  let incoming: Incoming | null = null
  const reply = (letters: string, numbers: readonly number[], data: Buffer = Buffer.alloc(0)) => {
    const head = Buffer.alloc(4 + 4 * numbers.length)
    head.write(letters, 'latin1')
    for (const [at, number] of numbers.entries()) head.writeUInt32LE(number >>> 0, 4 + 4 * at)
    stream.write(Buffer.concat([head, data]))
  }
  const orFail = (work: () => void) => {
    try {
      work()
    } catch (error) {
      const text = Buffer.from(error instanceof Error ? error.message : String(error))
      reply('FAIL', [text.length], text)
    }
  }
  const done = (changed: number) => {
    const file = incoming
    incoming = null
    if (!file) return
    orFail(() => {
      files.write(file.path, file.mode, changed, Buffer.concat(file.pieces))
      reply('OKAY', [0])
    })
  }
  const answer = (letters: string, argument: Buffer) => {
    const path = argument.toString('utf8')
    const { mode, size, changed } = (letters === 'STAT' && files.stat(path)) || { mode: 0, size: 0, changed: 0 }
    switch (letters) {
      case 'STAT':
        return reply('STAT', [mode, size, changed])
      case 'SEND': {
        const comma = path.lastIndexOf(',')
        incoming = { path: path.slice(0, comma), mode: Number(path.slice(comma + 1)), pieces: [] }
        return
      }
      case 'DATA':
        return void incoming?.pieces.push(Buffer.from(argument))
      case 'RECV':
        return orFail(() => {
          const data = files.read(path)
          for (let at = 0; at < data.length; at += pieceBytes) {
            const piece = data.subarray(at, at + pieceBytes)
            reply('DATA', [piece.length], piece)
          }
          reply('DONE', [0])
        })
      case 'LIST':
        return orFail(() => {
          for (const { name, ...stat } of files.list(path)) {
            const bytes = Buffer.from(name)
            reply('DENT', [stat.mode, stat.size, stat.changed, bytes.length], bytes)
          }
          reply('DONE', [0, 0, 0, 0])
        })
      default:
        return orFail(() => {
          throw new Error(`unknown request ${letters}`)
        })
    }
  }
  stream.onData = (data) => {
    rest = Buffer.concat([rest, data])
    while (rest.length >= headerBytes) {
      const [letters, number] = [rest.toString('latin1', 0, 4), rest.readUInt32LE(4)]
      if (letters === 'QUIT') return stream.end()
      const length = letters === 'DONE' ? 0 : number
      if (rest.length < headerBytes + length) return
      const argument = rest.subarray(headerBytes, headerBytes + length)
      rest = rest.subarray(headerBytes + length)
      if (letters === 'DONE') done(number)
      else answer(letters, argument)
    }
  }
}
