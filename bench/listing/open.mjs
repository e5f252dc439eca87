/**
 * One start of bench/listing: opens the folder as every command does and streams the first training batch (224 px, nothing cached), then prints
 * milliseconds, processor time and the largest resident set as JSON. node open.mjs FOLDER CACHE WORKERS
 */
import classification from '@mnas/plugin-classification'
import { paperBatches } from '../paper-batches.mjs'

const [folder, cacheFolder, workers] = [process.argv[2], process.argv[3], Number(process.argv[4])]
let reports = 0
const report = () => reports++
const started = performance.now()
// A limit that nothing fits: the pixel cache is asked for, as with the default limit, and the files are streamed.
const dataset = await classification.open({ folder, cacheFolder, cacheLimitBytes: 1, report })
const openMs = performance.now() - started
const openCpu = process.cpuUsage()
const openRss = process.resourceUsage().maxRSS
for await (const _ of paperBatches(dataset, workers)) break
const totalMs = performance.now() - started
const { user, system } = process.cpuUsage()
const images = ['train', 'heldOut', 'validation'].reduce((sum, split) => sum + dataset.size(split), 0)
console.log(
  JSON.stringify({
    openMs,
    firstBatchMs: totalMs - openMs,
    totalMs,
    openCpuMs: (openCpu.user + openCpu.system) / 1000,
    cpuMs: (user + system) / 1000,
    openPeakMb: openRss / 1024,
    peakMb: process.resourceUsage().maxRSS / 1024,
    images,
    reports,
    fingerprint: dataset.fingerprint,
  }),
)
await dataset.close()
process.exit(0)
