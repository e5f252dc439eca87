/**
 * A process that keeps a server of adb for as long as mnas lives: `node watch-server.js ADB PORT`. The server is its child, and its standard input a
 * pipe from mnas, which says nothing. The pipe ends with mnas, however that ends: then the server is ended, and nobody else's. A server that ends
 * by itself takes this process along.
 */
import { spawn } from 'node:child_process'

const [adb = 'adb', port = ''] = process.argv.slice(2)
const graceMs = 3000

// In front: a server in the background would be nobody's child.
const server = spawn(adb, ['-P', port, 'server', 'nodaemon'], { stdio: 'ignore' })
server.on('error', () => process.exit(1))
server.on('exit', () => process.exit())

function end(): void {
  server.kill()
  setTimeout(() => server.kill('SIGKILL'), graceMs)
}

process.stdin.on('end', end).on('error', end).resume()
