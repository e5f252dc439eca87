/**
 * The benchmark_model of the software phone, as a process there: it hands its arguments to the phone and says what that says. It lives as long
 * as a run lasts; who kills it ends the run.
 */
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import type { ToolLine } from './tool-line.js'

const [dialect, ...words] = process.argv.slice(2)
const socket = connect(Number(process.env['MNAS_PHONE_SERVICE']), '127.0.0.1')
socket.on('error', (error) => end(1, `ERROR: ${error.message}\n`))
socket.on('close', () => end(1, 'ERROR: the phone is gone\n'))
socket.write(`${JSON.stringify({ dialect, words })}\n`)
createInterface({ input: socket }).on('line', (text) => {
  const line = JSON.parse(text) as ToolLine
  if ('out' in line) process.stdout.write(line.out)
  else if ('err' in line) process.stderr.write(line.err)
  else end(line.exit)
})

let ended = false
function end(status: number, said = ''): void {
  if (ended) return
  ended = true
  process.exitCode = status
  socket.destroy()
  process.stderr.write(said)
}
