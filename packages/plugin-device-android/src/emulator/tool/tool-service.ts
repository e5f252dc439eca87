import { createServer, type Server, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { Dialect } from '@mnas/remote-device'
import type { ToolLine, ToolRequest } from './tool-line.js'

/** One run of the tool. It says what it has to say; its answer is its status. */
export type ServeTool = (
  request: { readonly dialect: Dialect; readonly words: readonly string[] },
  say: (line: ToolLine) => void,
  signal: AbortSignal,
) => Promise<number>

export interface ToolService {
  readonly port: number
  /** Runs that have not ended. */
  running(): number
  close(): Promise<void>
}

/** Where the processes of the tool ask. A process that is gone has its run aborted. */
export function startToolService(serve: ServeTool): Promise<ToolService> {
  const sockets = new Set<Socket>()
  let running = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    const gone = new AbortController()
    socket.on('error', () => undefined)
    socket.on('close', () => {
      sockets.delete(socket)
      gone.abort(new Error('the process of the tool is gone'))
    })
    const say = (line: ToolLine) => void (socket.destroyed || socket.write(`${JSON.stringify(line)}\n`))
    const lines = createInterface({ input: socket })
    // A socket's errors are handed on.
    lines.on('error', () => undefined)
    lines.once('line', async (text) => {
      const { dialect, words } = JSON.parse(text) as ToolRequest
      running++
      try {
        say({ exit: await serve({ dialect: dialect === 'compiled-model' ? dialect : 'classic', words }, say, gone.signal) })
      } catch (error) {
        say({ err: `ERROR: ${error instanceof Error ? error.message : String(error)}\n` })
        say({ exit: 1 })
      } finally {
        running--
      }
    })
  })
  return new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => resolve({ port: portOf(server), running: () => running, close }))
  })

  async function close(): Promise<void> {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
}

export function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}
