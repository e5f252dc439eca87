// A process that has a turn on a device and keeps it: node device-turns-holder.mjs FOLDER DEVICE. Prints "holding" once it has it.
import { deviceTurns } from '#internal/measurement/index.js'

const [cacheFolder, device] = process.argv.slice(2)
const turn = deviceTurns(device, { cacheFolder, signal: new AbortController().signal, warn: () => undefined })
await turn(async () => {
  console.log('holding')
  await new Promise((resolve) => process.stdin.once('data', resolve))
})
process.exit()
