/**
 * One evaluation of FOLDER's gt.json and dt.json in a process of its own: seconds of evaluating (JSON and tables apart), peak
 * memory, the numbers.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const evaluation = new URL('../../packages/plugin-detection/dist/evaluation/', import.meta.url)
const { evaluateBoxes } = await import(new URL('evaluate-boxes.js', evaluation))
const { DetectionTable, TruthTable } = await import(new URL('box-tables.js', evaluation))

const folder = process.argv[2]
const { truth, found, counts } = readTables()
const [before, cpuBefore] = [performance.now(), process.cpuUsage()]
const { numbers } = evaluateBoxes(truth, found, counts)
const { user, system } = process.cpuUsage(cpuBefore)
const megabytes = process.resourceUsage().maxRSS / 1024
console.log(
  JSON.stringify({ seconds: (performance.now() - before) / 1000, cpuSeconds: (user + system) / 1e6, megabytes, numbers }),
)

function readTables() {
  const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'))
  const placesOf = (named) =>
    new Map(
      named
        .map(({ id }) => id)
        .sort((a, b) => a - b)
        .map((id, place) => [id, place]),
    )
  const { images, categories, annotations } = read('gt.json')
  const [imageAt, labelAt] = [placesOf(images), placesOf(categories)]
  const [objects, detections] = [new TruthTable(), new DetectionTable()]
  for (const { image_id, category_id, bbox, area, iscrowd } of annotations) {
    objects.add(imageAt.get(image_id), labelAt.get(category_id), bbox, { area, crowd: iscrowd === 1 })
  }
  for (const { image_id, category_id, bbox, score } of read('dt.json')) {
    detections.add(imageAt.get(image_id), labelAt.get(category_id), bbox, score)
  }
  return { truth: objects, found: detections, counts: { images: imageAt.size, labels: labelAt.size } }
}
