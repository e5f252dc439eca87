// A process that takes the lock of a cache folder and keeps it: node quiet-machine-holder.mjs FOLDER work|timing.
// Prints "waiting" before and "holding" once it holds; lets go when a line arrives on stdin, then prints "released".
import { quietMachine } from '#internal/measurement/index.js'

const [folder, kind] = process.argv.slice(2)
const machine = quietMachine(folder)
const hold = kind === 'work' ? machine.whileWorking : machine.whileTiming
console.log('waiting')
await hold(async () => {
  console.log('holding')
  await new Promise((resolve) => process.stdin.once('data', resolve))
})
console.log('released')
process.exit()
