/**
 * Reads a generated COCO file as long as instances_train2017.json: 118,000 images, 860,000 boxes with polygons, more than 500 MB.
 *
 *   node bench/detection/annotations.mjs [--save]      exit 1 above 30 s or 800 MB
 */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { provenance } from '../provenance.mjs'

const [images, boxes, seed] = [118_000, 860_000, 7]
const limits = { seconds: 30, megabytes: 800 }
const root = fileURLToPath(new URL('../..', import.meta.url))
const { values: options } = parseArgs({
  options: { save: { type: 'boolean', default: false }, read: { type: 'string' } },
})

if (options.read) await read(options.read)
else await measure()

/** In a process of its own: the peak is that of reading alone. */
async function read(file) {
  const { readCoco } = await import(new URL('../../packages/plugin-detection/dist/annotations/read-coco.js', import.meta.url))
  const before = performance.now()
  const annotations = await readCoco(file)
  const seconds = (performance.now() - before) / 1000
  const { user, system } = process.cpuUsage()
  const megabytes = process.resourceUsage().maxRSS / 1024
  const found = { images: annotations.images.length, boxes: annotations.boxes.length, skipped: annotations.skipped.length }
  console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, megabytes, found }))
}

async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'mnas-annotations-'))
  try {
    const file = join(folder, 'instances.json')
    await generate(file)
    const own = fileURLToPath(import.meta.url)
    const measured = JSON.parse(execFileSync(process.execPath, [own, '--read', file], { encoding: 'utf8' }))
    const result = report(measured, statSync(file).size)
    console.log(JSON.stringify(result, null, 2))
    if (options.save)
      writeFileSync(join(root, 'bench/results/detection-annotations.json'), `${JSON.stringify(result, null, 2)}\n`)
    process.exitCode = result.met ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function generate(file) {
  const stream = createWriteStream(file)
  const put = async (text) => {
    if (!stream.write(text)) await once(stream, 'drain')
  }
  const list = async (name, count, one) => {
    await put(`"${name}": [`)
    for (let id = 1; id <= count; id++) await put((id > 1 ? ', ' : '') + JSON.stringify(one(id)))
    await put(']')
  }
  const next = numbers()
  const below = (most) => Math.round(100 * most * next()) / 100
  const date = '2013-11-14 11:18:45'
  const image = (id) => ({
    license: 3,
    file_name: `${String(id).padStart(12, '0')}.jpg`,
    height: 480,
    width: 640,
    date_captured: date,
    id,
  })
  const annotation = (id) => ({
    segmentation: [Array.from({ length: 36 + Math.floor(60 * next()) }, () => below(640))],
    area: 9000 * next(),
    iscrowd: 0,
    image_id: 1 + (id % images),
    bbox: [below(400), below(300), 1 + below(200), 1 + below(100)],
    category_id: 1 + (id % 90),
    id,
  })
  await put('{"info": {"year": 2017}, ')
  await list('images', images, image)
  await put(', ')
  await list('annotations', boxes, annotation)
  await put(', ')
  await list('categories', 90, (id) => ({ id, name: `class ${id}` }))
  stream.end('}')
  await once(stream, 'finish')
}

/** A linear congruential generator: the file is the same each time. */
function numbers() {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state / 2 ** 31
  }
}

function report(measured, bytes) {
  const { images: read, boxes: kept, skipped } = measured.found
  return {
    ...provenance('node bench/detection/annotations.mjs --save'),
    data: { images, boxes, bytes, seed },
    ...measured,
    limits,
    met:
      measured.seconds <= limits.seconds &&
      measured.megabytes <= limits.megabytes &&
      read === images &&
      kept === boxes &&
      skipped === 0,
  }
}
