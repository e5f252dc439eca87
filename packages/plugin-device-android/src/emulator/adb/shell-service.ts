import type { ChildProcess } from 'node:child_process'
import type { DeviceStream } from './device-stream.js'

/** Frames of `shell,v2`: kind (one byte), length (four, little-endian), bytes. */
const frame = { stdin: 0, stdout: 1, stderr: 2, exit: 3, closeStdin: 4 } as const
const headerBytes = 5

/**
 * Ties a process to a stream of `shell,v2`. When the stream closes, its pipes close, as on a phone, and nothing else happens to the process:
 * what goes on running then has been forgotten by its client.
 */
export function serveShell(stream: DeviceStream, child: ChildProcess): void {
  const say = (kind: number, data: Buffer) => {
    const header = Buffer.alloc(headerBytes)
    header[0] = kind
    header.writeUInt32LE(data.length, 1)
    stream.write(Buffer.concat([header, data]))
  }
  child.stdout?.on('data', (data: Buffer) => say(frame.stdout, data))
  child.stderr?.on('data', (data: Buffer) => say(frame.stderr, data))
  child.stdin?.on('error', () => undefined)
  child.on('error', () => stream.end())
  child.on('close', (code, signal) => {
    say(frame.exit, Buffer.from([signal ? 137 : (code ?? 1) & 255]))
    stream.end()
  })
  let rest = Buffer.alloc(0)
  stream.onData = (data) => {
    rest = Buffer.concat([rest, data])
    while (rest.length >= headerBytes) {
      const length = rest.readUInt32LE(1)
      if (rest.length < headerBytes + length) return
      if (rest[0] === frame.stdin) child.stdin?.write(rest.subarray(headerBytes, headerBytes + length))
      if (rest[0] === frame.closeStdin) child.stdin?.end()
      rest = rest.subarray(headerBytes + length)
    }
  }
  stream.onClose = () => {
    child.stdin?.end()
    child.stdout?.destroy()
    child.stderr?.destroy()
  }
}
