import type { PixelBox } from '../evaluation/box-tables.js'
import { clipBox } from './clip-box.js'
import { SkipCounter, type Skipped } from './skip-counter.js'

export interface YoloObject {
  /** Label index. */
  readonly label: number
  /** As shares of the image's width and height, within it. */
  readonly box: PixelBox
}

/** As data.yaml tells it. */
export interface YoloClasses {
  readonly labels: readonly string[]
  /** How many numbers of keypoints follow behind each box; 0: none. */
  readonly keypointNumbers: number
}

export interface YoloAnnotation {
  readonly objects: readonly YoloObject[]
  readonly skipped: readonly Skipped[]
  /** Lines of four numbers that leave the image as centre and sides, and as corners do not. Absent: none. */
  readonly corners?: number
}

const whole = { width: 1, height: 1 }

/**
 * A label file of YOLO: a line for each object, its class and (centre x, centre y, width, height) or the corners of a polygon,
 * whose box is taken; all as shares. Behind a box keypoints may follow. An empty file is an image without objects.
 * @param where for what was skipped
 */
export function parseYolo(text: string, { labels, keypointNumbers }: YoloClasses, where: string): YoloAnnotation {
  const [skips, objects] = [new SkipCounter(), [] as YoloObject[]]
  let corners = 0
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (line.trim() === '') continue
    const words = line.trim().split(/\s+/)
    if (looksLikeCorners(words.slice(1, keypointNumbers > 0 ? 5 : undefined).map(numberOf))) corners++
    const object = objectOf(words, labels.length, keypointNumbers)
    if (typeof object === 'string') skips.add(object, `${where}:${index + 1}`)
    else objects.push(object)
  }
  return { objects, skipped: skips.result(), ...(corners > 0 && { corners }) }
}

/** @returns why it cannot be used, or the object */
function objectOf(words: readonly string[], classes: number, keypointNumbers: number): YoloObject | string {
  const [label, ...all] = words.map(numberOf)
  const numbers = keypointNumbers > 0 && all.length === 4 + keypointNumbers ? all.slice(0, 4) : all
  if (label === undefined || !words.map(numberOf).every(Number.isFinite)) return 'line of other than numbers'
  if (!Number.isInteger(label) || label < 0 || label >= classes) return 'class that data.yaml has no name for'
  const isPolygon = numbers.length >= 6 && numbers.length % 2 === 0
  if (numbers.length !== 4 && !isPolygon) return 'line of neither a box nor a polygon'
  // Rounding leads over the border; pixels lead far beyond it.
  if (numbers.some((value) => value > 1.5)) return 'pixels, where shares of the image belong (0 to 1)'
  if (numbers.some((value) => value < -0.5)) return 'numbers that are no shares of the image'
  const box = isPolygon ? boxAround(numbers) : boxOf(numbers)
  if (box[2] <= 0 || box[3] <= 0) return 'box without width or height'
  const clipped = clipBox(box, whole)
  return clipped ? { label, box: clipped } : 'box of which less than half lies in the image'
}

/** Rounding leads over the border by less. */
const beyond = 0.01

function looksLikeCorners(numbers: readonly number[]): boolean {
  if (numbers.length !== 4 || !numbers.every((value) => value >= 0 && value <= 1 + beyond)) return false
  const [x, y, width, height] = numbers as [number, number, number, number]
  const leaves =
    [x - width / 2, y - height / 2].some((side) => side < -beyond) || Math.max(x + width / 2, y + height / 2) > 1 + beyond
  return leaves && width > x && height > y
}

/** `Number` takes an empty text for 0 and knows hexadecimal ones. */
const numberOf = (word: string) => (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word) ? Number(word) : Number.NaN)

function boxOf(numbers: readonly number[]): PixelBox {
  const [x, y, width, height] = numbers
  return [x! - width! / 2, y! - height! / 2, width!, height!]
}

function boxAround(numbers: readonly number[]): PixelBox {
  const [xs, ys] = [numbers.filter((_, at) => at % 2 === 0), numbers.filter((_, at) => at % 2 === 1)]
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return [left, top, Math.max(...xs) - left, Math.max(...ys) - top]
}
