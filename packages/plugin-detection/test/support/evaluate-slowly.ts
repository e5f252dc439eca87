import { cocoNumbers } from '#internal/evaluation/box-evaluation.js'
import type { PixelBox } from '#internal/evaluation/box-tables.js'
import { overlapThresholds, recallLevels } from '#internal/evaluation/coco-rules.js'

interface Placed {
  readonly image: number
  readonly label: number
  readonly box: PixelBox
}
export interface Present extends Placed {
  readonly area: number
  readonly crowd: boolean
}
export interface Found extends Placed {
  readonly score: number
}

const everything: readonly [number, number] = [0, 1e10]
const areas = { Small: [0, 1024], Medium: [1024, 9216], Large: [9216, 1e10] } as const

/** COCO's definition with lists: every label, area and threshold by itself. Fewer than 100 detections of a label in an image. */
export function evaluateSlowly(objects: readonly Present[], found: readonly Found[], counts: { images: number; labels: number }) {
  const each = (area: readonly [number, number], thresholds: readonly number[], most: number) =>
    Array.from({ length: counts.labels }, (_, label) =>
      thresholds.map((threshold) => {
        const of = <T extends Placed>(rows: readonly T[]) => rows.filter((row) => row.label === label)
        return ofLabel(of(objects), of(found), counts.images, { area, threshold, most })
      }),
    ).flat()
  const all = [...overlapThresholds]
  const mean = (values: readonly (number | null)[]) => {
    const known = values.filter((value) => value !== null)
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
  }
  const precision = (area: readonly [number, number], thresholds = all) => mean(each(area, thresholds, 100).map(({ ap }) => ap))
  const recall = (area: readonly [number, number], most = 100) => mean(each(area, all, most).map((one) => one.recall))
  const values = [
    ...[precision(everything), precision(everything, [0.5]), precision(everything, [0.75])],
    ...Object.values(areas).map((area) => precision(area)),
    ...[1, 10, 100].map((most) => recall(everything, most)),
    ...Object.values(areas).map((area) => recall(area)),
  ]
  const entries = cocoNumbers.map((name, at) => [name, values[at]!] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== null)) as Record<string, number>
}

interface Rules {
  readonly area: readonly [number, number]
  readonly threshold: number
  readonly most: number
}

function ofLabel(objects: readonly Present[], found: readonly Found[], images: number, rules: Rules) {
  const isOutside = (area: number) => area < rules.area[0] || area > rules.area[1]
  const wanted = objects.filter(({ crowd, area }) => !crowd && !isOutside(area)).length
  const judged = Array.from({ length: images }, (_, image) => {
    const best = found.filter((row) => row.image === image).sort((a, b) => b.score - a.score)
    return judge(
      objects.filter((row) => row.image === image),
      best.slice(0, rules.most),
      rules.threshold,
      isOutside,
    )
  }).flat()
  if (wanted === 0) return { ap: null, recall: null }
  const counted = judged.sort((a, b) => b.score - a.score).filter(({ right }) => right !== null)
  let right = 0
  const points = counted.map((one, at) => {
    if (one.right) right++
    return { recall: right / wanted, precision: right / (at + 1) }
  })
  const at = (level: number) => Math.max(0, ...points.filter(({ recall }) => recall >= level).map(({ precision }) => precision))
  return { ap: recallLevels.reduce((sum, level) => sum + at(level), 0) / recallLevels.length, recall: right / wanted }
}

/** right: null = ignored. */
function judge(objects: readonly Present[], best: readonly Found[], threshold: number, isOutside: (area: number) => boolean) {
  const isIgnored = (object: Present) => object.crowd || isOutside(object.area)
  const taken = new Set<Present>()
  return best.map(({ box, score }) => {
    const free = objects.filter((object) => (object.crowd || !taken.has(object)) && overlapOf(box, object) >= threshold)
    const wanted = free.filter((object) => !isIgnored(object))
    const candidates = wanted.length > 0 ? wanted : free
    const most = Math.max(...candidates.map((object) => overlapOf(box, object)))
    const hit = candidates.findLast((object) => overlapOf(box, object) === most)
    if (!hit) return { score, right: isOutside(box[2] * box[3]) ? null : false }
    taken.add(hit)
    return { score, right: isIgnored(hit) ? null : true }
  })
}

function overlapOf([x, y, width, height]: PixelBox, { box, crowd }: Present): number {
  const across = Math.min(x + width, box[0] + box[2]) - Math.max(x, box[0])
  const down = Math.min(y + height, box[1] + box[3]) - Math.max(y, box[1])
  if (across <= 0 || down <= 0) return 0
  const shared = across * down
  return shared / (crowd ? width * height : width * height + box[2] * box[3] - shared)
}
