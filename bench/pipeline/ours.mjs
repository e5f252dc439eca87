/**
 * Our side of bench/pipeline: streams training batches of 224 px (Inception crop, flip) from JPEG files, nothing cached, and prints images per
 * second and processor time per image as JSON. node ours.mjs FOLDER WORKERS SECONDS
 */
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import classification from '@mnas/plugin-classification'
import { batchSize, paperBatches } from '../paper-batches.mjs'

const [folder, workers, seconds] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]
const cacheFolder = join(tmpdir(), `mnas-pipeline-${process.pid}`)
const dataset = await classification.open({ folder, cacheFolder, cacheLimitBytes: 0 })
// The first batches load the decoder and start the threads.
const warmUpBatches = 3
let batches = 0
let [start, cpu] = [0, process.cpuUsage()]
for await (const _ of paperBatches(dataset, workers)) {
  if (++batches === warmUpBatches) [start, cpu] = [performance.now(), process.cpuUsage()]
  else if (batches > warmUpBatches && performance.now() - start >= seconds * 1000) break
}
const elapsed = (performance.now() - start) / 1000
const images = (batches - warmUpBatches) * batchSize
const { user, system } = process.cpuUsage(cpu)
console.log(JSON.stringify({ imagesPerSecond: images / elapsed, cpuMsPerImage: (user + system) / 1000 / images }))
await dataset.close()
await rm(cacheFolder, { recursive: true, force: true })
process.exit(0)
